import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { removePromptLabel } from "#lib/console/prompt-labels.ts";
import { promptLabelParams } from "#lib/contract/prompt.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  DELETE: defineRoute({
    can: "prompt.write",
    params: promptLabelParams,
    run: ({ actor, params }) => removePromptLabel(actor, params.name, params.label),
  }),
});
