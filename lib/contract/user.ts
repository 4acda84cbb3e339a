import { z } from "zod";
import { instantOutput } from "./instants.ts";
import { budgetInput, budgetOutput } from "./limit-fields.ts";
import { adminOperations } from "./operation.ts";
import { listQuery } from "./paging.ts";
import { idParams } from "./params.ts";

/** People. Keys belong to them; roles decide what they may do in the console. */
export const emailAddress = z
  .string()
  .trim()
  .max(320)
  .toLowerCase()
  .pipe(z.email("must be an e-mail address"))
  .meta({ examples: ["dev@yourcompany.com"] });

const userRole = z.enum(["admin", "member"]);

const displayName = z.string().trim().min(1).max(120).nullable().optional();

export const userCreate = z
  .strictObject({
    email: emailAddress,
    name: displayName,
    role: userRole.default("member"),
    ...budgetInput,
  })
  .meta({ id: "UserCreate" });
export type UserCreate = z.infer<typeof userCreate>;

export const userUpdate = z
  .strictObject({
    name: displayName,
    role: userRole.optional(),
    is_suspended: z.boolean().optional().meta({
      description: "A suspended user's keys are refused and sessions end.",
    }),
    ...budgetInput,
  })
  .meta({ id: "UserUpdate" });
export type UserUpdate = z.infer<typeof userUpdate>;

export const userQuery = listQuery.extend({
  email: emailAddress.optional(),
  role: userRole.optional(),
  team_id: z.uuid().optional(),
});
export type UserQuery = z.infer<typeof userQuery>;

export const userInfo = z
  .object({
    id: z.uuid(),
    email: z.string(),
    name: z.string().nullable(),
    role: userRole,
    is_suspended: z.boolean(),
    ...budgetOutput,
    created_at: instantOutput,
  })
  .meta({ id: "User" });
export type UserInfo = z.infer<typeof userInfo>;

const userList = z.object({ users: z.array(userInfo), total: z.int() });

export const USER_OPERATIONS = adminOperations("Users", [
  {
    method: "get",
    path: "/users",
    id: "listUsers",
    scope: "user.read",
    summary: "List users",
    query: userQuery,
    answer: userList,
  },
  {
    method: "post",
    path: "/users",
    id: "createUser",
    scope: "user.create",
    summary: "Create a user",
    body: userCreate,
    status: 201,
    answer: userInfo,
  },
  {
    method: "get",
    path: "/users/{id}",
    id: "getUser",
    scope: "user.read",
    summary: "Show a user",
    params: idParams,
    answer: userInfo,
  },
  {
    method: "patch",
    path: "/users/{id}",
    id: "updateUser",
    scope: "user.update",
    summary: "Change a user",
    params: idParams,
    body: userUpdate,
    answer: userInfo,
  },
  {
    method: "delete",
    path: "/users/{id}",
    id: "deleteUser",
    scope: "user.delete",
    summary: "Delete a user who never had a key",
    description: "Others are suspended instead: keys and log entries name their owner.",
    params: idParams,
    status: 204,
  },
]);
