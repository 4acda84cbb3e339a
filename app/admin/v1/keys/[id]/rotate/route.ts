import { rotateApiKey } from "#lib/console/api-key-endings.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { apiKeyRotate } from "#lib/contract/api-key.ts";
import { idParams } from "#lib/contract/params.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  POST: defineRoute({
    can: "key.rotate",
    params: idParams,
    input: apiKeyRotate,
    run: ({ actor, params, input }) => rotateApiKey(actor, params.id, input),
  }),
});
