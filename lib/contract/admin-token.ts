import { z } from "zod";
import { ACTIONS } from "../catalog/roles.ts";
import { instantInput, instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";
import { listQuery } from "./paging.ts";
import { idParams } from "./params.ts";

/** Admin tokens: scripts' access to `/admin/v1`, each with a named list of actions. */
const actionName = z.enum(ACTIONS, { error: "must be the name of an action" });

export const adminTokenCreate = z
  .strictObject({
    name: z.string().trim().min(1).max(80),
    scopes: z.array(actionName).min(1).max(ACTIONS.length).meta({
      description: "Actions that the token may take. None are implied by another.",
    }),
    expires_in_days: z.number().positive().max(36_500).optional(),
    expires_at: instantInput.optional(),
  })
  .meta({ id: "AdminTokenCreate" });
export type AdminTokenCreate = z.infer<typeof adminTokenCreate>;

export const adminTokenQuery = listQuery;
export type AdminTokenQuery = z.infer<typeof adminTokenQuery>;

export const adminTokenInfo = z
  .object({
    id: z.uuid(),
    name: z.string(),
    token_prefix: z.string(),
    scopes: z.array(z.string()),
    expires_at: instantOutput.nullable(),
    last_used_at: instantOutput.nullable(),
    created_at: instantOutput,
  })
  .meta({ id: "AdminToken" });
export type AdminTokenInfo = z.infer<typeof adminTokenInfo>;

export const adminTokenCreated = adminTokenInfo
  .extend({ token: z.string().meta({ description: "The secret. It is shown this once." }) })
  .meta({ id: "AdminTokenCreated" });
export type AdminTokenCreated = z.infer<typeof adminTokenCreated>;

const adminTokenList = z.object({ tokens: z.array(adminTokenInfo), total: z.int() });

export const ADMIN_TOKEN_OPERATIONS = adminOperations("Admin tokens", [
  {
    method: "get",
    path: "/tokens",
    id: "listTokens",
    scope: "token.read",
    summary: "List admin tokens",
    query: adminTokenQuery,
    answer: adminTokenList,
  },
  {
    method: "post",
    path: "/tokens",
    id: "createToken",
    scope: "token.create",
    summary: "Create an admin token",
    description:
      "A token made by a token cannot have scopes that its maker lacks, and ends when its maker does.",
    body: adminTokenCreate,
    status: 201,
    answer: adminTokenCreated,
  },
  {
    method: "delete",
    path: "/tokens/{id}",
    id: "revokeToken",
    scope: "token.revoke",
    summary: "Revoke an admin token and those that it made",
    params: idParams,
    status: 204,
  },
]);
