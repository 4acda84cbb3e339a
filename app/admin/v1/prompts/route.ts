import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { createPrompt, showPrompts } from "#lib/console/prompts.ts";
import { promptCreate, promptQuery } from "#lib/contract/prompt.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "prompt.read",
    query: promptQuery,
    run: ({ actor, query }) => showPrompts(actor, query),
  }),
  POST: defineRoute({
    can: "prompt.write",
    input: promptCreate,
    status: 201,
    run: ({ actor, input }) => createPrompt(actor, input),
  }),
});
