import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { renderSavedPrompt } from "#lib/console/prompt-render.ts";
import { nameParams } from "#lib/contract/params.ts";
import { promptRender } from "#lib/contract/prompt.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  POST: defineRoute({
    can: "prompt.read",
    params: nameParams,
    input: promptRender,
    run: ({ actor, params, input }) => renderSavedPrompt(actor, params.name, input),
  }),
});
