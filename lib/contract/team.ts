import { z } from "zod";
import { instantOutput } from "./instants.ts";
import { budgetInput, budgetOutput, modelNames, rateInput, rateOutput } from "./limit-fields.ts";
import { adminOperations } from "./operation.ts";
import { listQuery } from "./paging.ts";
import { idParams, memberParams } from "./params.ts";
import { payloadStorage } from "./settings.ts";
import { expectedVersion } from "./stale.ts";
import { emailAddress } from "./user.ts";

/** Teams and who is in them. A key of a team is held to the team's limits as well as its own. */
const teamFields = {
  allowed_models: modelNames.nullable().optional().meta({
    description: "Models that the team's keys may ask for; `null` is every one.",
  }),
  ...budgetInput,
  ...rateInput,
};

const teamName = z.string().trim().min(1).max(120);

export const teamCreate = z
  .strictObject({ name: teamName, ...teamFields })
  .meta({ id: "TeamCreate" });
export type TeamCreate = z.infer<typeof teamCreate>;

export const teamUpdate = z
  .strictObject({
    name: teamName.optional(),
    ...teamFields,
    payload_storage: payloadStorage.nullable().optional().meta({
      description: "What is kept of the team's requests; `null` is the install's setting.",
    }),
    share_cache: z.boolean().optional().meta({
      description: "Whether a stored answer to one key of the team may be given to another one.",
    }),
    expected_version: expectedVersion,
  })
  .meta({ id: "TeamUpdate" });
export type TeamUpdate = z.infer<typeof teamUpdate>;

export const teamQuery = listQuery.extend({ name: teamName.optional() });
export type TeamQuery = z.infer<typeof teamQuery>;

export const teamInfo = z
  .object({
    id: z.uuid(),
    name: z.string(),
    allowed_models: z.array(z.string()).nullable(),
    ...budgetOutput,
    ...rateOutput,
    payload_storage: payloadStorage.nullable(),
    share_cache: z.boolean(),
    version: z.int().meta({ description: "Raised by every edit." }),
    member_count: z.int(),
    created_at: instantOutput,
  })
  .meta({ id: "Team" });
export type TeamInfo = z.infer<typeof teamInfo>;

const teamList = z.object({ teams: z.array(teamInfo), total: z.int() });

const teamRole = z.enum(["team_admin", "member"]);

export const memberCreate = z
  .strictObject({
    user_id: z.uuid().optional(),
    user_email: emailAddress.optional().meta({
      description: "Instead of `user_id`; an address that is not known yet becomes a member.",
    }),
    role: teamRole.default("member"),
  })
  .refine((input) => (input.user_id === undefined) !== (input.user_email === undefined), {
    path: ["user_id"],
    message: "or 'user_email' has to be given, and not both",
  })
  .meta({ id: "TeamMemberCreate" });
export type MemberCreate = z.infer<typeof memberCreate>;

export const memberUpdate = z.strictObject({ role: teamRole }).meta({ id: "TeamMemberUpdate" });
export type MemberUpdate = z.infer<typeof memberUpdate>;

export const memberInfo = z
  .object({
    user_id: z.uuid(),
    email: z.string(),
    name: z.string().nullable(),
    role: teamRole,
    created_at: instantOutput,
  })
  .meta({ id: "TeamMember" });
export type MemberInfo = z.infer<typeof memberInfo>;

const memberList = z.object({ members: z.array(memberInfo), total: z.int() });

export const TEAM_OPERATIONS = adminOperations("Teams", [
  {
    method: "get",
    path: "/teams",
    id: "listTeams",
    scope: "team.read",
    summary: "List teams",
    query: teamQuery,
    answer: teamList,
  },
  {
    method: "post",
    path: "/teams",
    id: "createTeam",
    scope: "team.create",
    summary: "Create a team",
    body: teamCreate,
    status: 201,
    answer: teamInfo,
  },
  {
    method: "get",
    path: "/teams/{id}",
    id: "getTeam",
    scope: "team.read",
    summary: "Show a team",
    params: idParams,
    answer: teamInfo,
  },
  {
    method: "patch",
    path: "/teams/{id}",
    id: "updateTeam",
    scope: "team.update",
    summary: "Change a team",
    params: idParams,
    body: teamUpdate,
    answer: teamInfo,
  },
  {
    method: "delete",
    path: "/teams/{id}",
    id: "deleteTeam",
    scope: "team.delete",
    summary: "Delete a team",
    description: "Its keys are refused from then on.",
    params: idParams,
    status: 204,
  },
  {
    method: "get",
    path: "/teams/{id}/members",
    id: "listMembers",
    scope: "team.read",
    summary: "List a team's members",
    params: idParams,
    query: listQuery,
    answer: memberList,
  },
  {
    method: "post",
    path: "/teams/{id}/members",
    id: "addMember",
    scope: "team.member.add",
    summary: "Add a member",
    params: idParams,
    body: memberCreate,
    status: 201,
    answer: memberInfo,
  },
  {
    method: "get",
    path: "/teams/{id}/members/{userId}",
    id: "getMember",
    scope: "team.read",
    summary: "Show a member",
    params: memberParams,
    answer: memberInfo,
  },
  {
    method: "patch",
    path: "/teams/{id}/members/{userId}",
    id: "updateMember",
    scope: "team.member.update",
    summary: "Change a member's role",
    params: memberParams,
    body: memberUpdate,
    answer: memberInfo,
  },
  {
    method: "delete",
    path: "/teams/{id}/members/{userId}",
    id: "removeMember",
    scope: "team.member.remove",
    summary: "Remove a member",
    params: memberParams,
    status: 204,
  },
]);
