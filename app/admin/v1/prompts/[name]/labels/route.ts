import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { movePromptLabel } from "#lib/console/prompt-labels.ts";
import { nameParams } from "#lib/contract/params.ts";
import { promptLabelSet } from "#lib/contract/prompt.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  POST: defineRoute({
    can: "prompt.write",
    params: nameParams,
    input: promptLabelSet,
    run: ({ actor, params, input }) => movePromptLabel(actor, params.name, input),
  }),
});
