import { FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { changeDeployment, removeDeployment, showDeployment } from "#lib/console/deployments.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { deploymentUpdate } from "#lib/contract/deployment.ts";
import { idParams } from "#lib/contract/params.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "deployment.read",
    params: idParams,
    run: ({ actor, params }) => showDeployment(actor, params.id),
  }),
  PATCH: defineRoute({
    can: "deployment.update",
    fields: FIELD_ACTIONS.deployment,
    params: idParams,
    input: deploymentUpdate,
    run: ({ actor, params, input }) => changeDeployment(actor, params.id, input),
  }),
  DELETE: defineRoute({
    can: "deployment.delete",
    params: idParams,
    run: ({ actor, params }) => removeDeployment(actor, params.id),
  }),
});
