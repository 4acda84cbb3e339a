import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { createVersion, showVersions } from "#lib/console/prompt-versions.ts";
import { listQuery } from "#lib/contract/paging.ts";
import { nameParams } from "#lib/contract/params.ts";
import { promptVersionCreate } from "#lib/contract/prompt.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "prompt.read",
    params: nameParams,
    query: listQuery,
    run: ({ actor, params, query }) => showVersions(actor, params.name, query),
  }),
  POST: defineRoute({
    can: "prompt.write",
    params: nameParams,
    input: promptVersionCreate,
    status: 201,
    run: ({ actor, params, input }) => createVersion(actor, params.name, input),
  }),
});
