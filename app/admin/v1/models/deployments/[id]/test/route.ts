import { defineRoute } from "#lib/console/define-route.ts";
import { tryDeployment } from "#lib/console/deployment-test.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { emptyBody, idParams } from "#lib/contract/params.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  POST: defineRoute({
    can: "deployment.test",
    params: idParams,
    input: emptyBody,
    run: ({ actor, params }) => tryDeployment(actor, params.id),
  }),
});
