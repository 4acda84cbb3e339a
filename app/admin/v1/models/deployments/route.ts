import { FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { createDeployment, showDeployments } from "#lib/console/deployments.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { deploymentCreate, deploymentQuery } from "#lib/contract/deployment.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "deployment.read",
    query: deploymentQuery,
    run: ({ actor, query }) => showDeployments(actor, query),
  }),
  POST: defineRoute({
    can: "deployment.create",
    fields: FIELD_ACTIONS.deployment,
    input: deploymentCreate,
    status: 201,
    run: ({ actor, input }) => createDeployment(actor, input),
  }),
});
