import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { changePrompt, removePrompt, showPrompt } from "#lib/console/prompts.ts";
import { nameParams } from "#lib/contract/params.ts";
import { promptUpdate } from "#lib/contract/prompt.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "prompt.read",
    params: nameParams,
    run: ({ actor, params }) => showPrompt(actor, params.name),
  }),
  PATCH: defineRoute({
    can: "prompt.write",
    params: nameParams,
    input: promptUpdate,
    run: ({ actor, params, input }) => changePrompt(actor, params.name, input),
  }),
  DELETE: defineRoute({
    can: "prompt.write",
    params: nameParams,
    run: ({ actor, params }) => removePrompt(actor, params.name),
  }),
});
