import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { showVersionDiff } from "#lib/console/prompt-versions.ts";
import { nameParams } from "#lib/contract/params.ts";
import { promptDiffQuery } from "#lib/contract/prompt.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "prompt.read",
    params: nameParams,
    query: promptDiffQuery,
    run: ({ actor, params, query }) => showVersionDiff(actor, params.name, query),
  }),
});
