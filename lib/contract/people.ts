import { z } from "zod";
import type { Role } from "../catalog/roles.ts";
import { pageOffset } from "./paging.ts";
import { MOST_INVITES, PERSON_STATUSES, SIGN_IN_METHODS } from "./person-facts.ts";
import { newPassword } from "./sign-in.ts";

/** People as the console lists them, and the links that let them in. */
export type PersonStatus = (typeof PERSON_STATUSES)[number];

export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

export const PEOPLE_PAGE = 50;

export const personQuery = z.strictObject({
  text: z.string().trim().max(320).optional(),
  teamId: z.uuid().optional(),
  role: z.enum(["admin", "team_admin", "member"]).optional(),
  status: z.enum(PERSON_STATUSES).optional(),
  method: z.enum(SIGN_IN_METHODS).optional(),
  offset: pageOffset,
});
export type PersonQuery = z.infer<typeof personQuery>;

export interface PersonTeam {
  id: string;
  name: string;
  role: "team_admin" | "member";
}

export interface PersonInfo {
  id: string;
  email: string;
  name: string | null;
  /** The highest role that this person has anywhere. */
  role: Role;
  /** The teams that the viewer may see of this person. */
  teams: PersonTeam[];
  /** How this person can sign in; nothing for owners of keys who never were invited. */
  methods: SignInMethod[];
  status: PersonStatus;
  last_seen_at: string | null;
  /** Keys that are not revoked. */
  key_count: number;
  created_at: string;
}

/** What a change of a person would touch, counted now. */
export interface PersonEffect {
  key_count: number;
  requests_hour: number;
  session_count: number;
  is_last_admin: boolean;
}

export const inviteCreate = z.strictObject({
  /** Each is checked by itself and answered with its own error. */
  emails: z
    .array(z.string().trim().max(400))
    .min(1, "must hold at least one address")
    .max(MOST_INVITES, `may hold at most ${MOST_INVITES} addresses`),
  role: z.enum(["admin", "member"]),
  teams: z
    .array(z.strictObject({ team_id: z.uuid(), role: z.enum(["team_admin", "member"]) }))
    .max(50),
});
export type InviteCreate = z.infer<typeof inviteCreate>;

/** A link is complete with the install's public URL in front, or a path when nobody has set one. */
export interface InviteResult {
  email: string;
  /** Single use; it is shown now and stored nowhere. */
  link: string | null;
  error: string | null;
}

export interface InviteInfo {
  id: string;
  email: string;
  role: "admin" | "member";
  teams: PersonTeam[];
  invited_by: string | null;
  created_at: string;
  expires_at: string;
  is_expired: boolean;
}

/** What is left to a person's keys when the person goes. */
export const personRemoval = z.strictObject({
  id: z.uuid(),
  keys: z.enum(["transfer", "revoke"]).optional(),
  transfer_to: z.uuid().nullish(),
});
export type PersonRemoval = z.infer<typeof personRemoval>;

/** The same for a team. */
export const teamRemoval = z.strictObject({
  id: z.uuid(),
  keys: z.enum(["move", "revoke"]),
  move_to: z.uuid().nullish(),
});
export type TeamRemoval = z.infer<typeof teamRemoval>;

const token = z.string().min(1).max(200);
const displayName = z.string().trim().min(1, "must not be empty").max(120);

/** A new password, typed twice. */
function withConfirmation<Shape extends { password: typeof newPassword; confirm: z.ZodString }>(
  schema: z.ZodObject<Shape>,
) {
  return schema.refine(
    (input) => Reflect.get(input, "password") === Reflect.get(input, "confirm"),
    { path: ["confirm"], message: "must be the same as the password" },
  );
}

export const inviteAccept = withConfirmation(
  z.strictObject({ token, name: displayName, password: newPassword, confirm: z.string() }),
);
export type InviteAccept = z.infer<typeof inviteAccept>;

export const passwordReset = withConfirmation(
  z.strictObject({ token, password: newPassword, confirm: z.string() }),
);
export type PasswordReset = z.infer<typeof passwordReset>;

/** What a link is good for now. */
export type LinkState =
  | { kind: "open"; email: string; name: string | null }
  | { kind: "used" }
  | { kind: "expired" }
  | { kind: "revoked" }
  | { kind: "unknown" };

export const roleChange = z.strictObject({ id: z.uuid(), role: z.enum(["admin", "member"]) });

export const suspension = z.strictObject({ id: z.uuid(), is_suspended: z.boolean() });
