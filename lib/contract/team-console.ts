import { z } from "zod";
import type { KeyListRow } from "./api-key-list.ts";
import type { MemberInfo, TeamInfo } from "./team.ts";
import { teamUpdate } from "./team.ts";

/** A team as the console's list shows it. */
export interface TeamRow extends TeamInfo {
  leads: string[];
  key_count: number;
}

/** What the viewer may do with one team. */
export interface TeamPowers {
  /** See its people and keys, rename it, invite and remove members. */
  leads: boolean;
  /** Set its limits, roles in it, and delete it. */
  manages: boolean;
}

/** An edit, with the team that it is of. */
export const teamEdit = teamUpdate.safeExtend({ id: z.uuid() });

export const memberAdd = z.strictObject({
  id: z.uuid(),
  user_email: z.string().trim().toLowerCase().pipe(z.email("must be an e-mail address")),
  role: z.enum(["team_admin", "member"]),
});

export const memberRef = z.strictObject({ id: z.uuid(), user_id: z.uuid() });

export const memberRole = memberRef.extend({ role: z.enum(["team_admin", "member"]) });

export const TEAM_TABS = ["members", "keys", "limits", "settings"] as const;
export type TeamTab = (typeof TEAM_TABS)[number];

export interface TeamTabQuery {
  id: string;
  tab: TeamTab;
  offset: number;
}

/** What a view of a team's page shows beside the team itself. */
export type TeamTabView =
  | { tab: "members"; members: MemberInfo[]; total: number; offset: number }
  | { tab: "keys"; keys: KeyListRow[]; hasMore: boolean }
  | { tab: "limits"; models: readonly string[] }
  | { tab: "settings" };
