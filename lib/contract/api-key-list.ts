import { z } from "zod";
import type { ApiKeyInfo } from "./api-key.ts";
import { KEY_STATES } from "./key-states.ts";
import { queryFlag } from "./paging.ts";

/** The list of keys as the console shows it: filters, the derived state, and what each was used for. */

export type KeyState = (typeof KEY_STATES)[number];

/** When the last 24 hours make a state. Below the counts a share says nothing. */
export const KEY_STATE_RULES = {
  limitedShare: 0.1,
  limitedLeastRequests: 10,
  failedShare: 0.05,
  failedLeastRequests: 20,
  expiresSoonDays: 7,
  unusedDays: 30,
} as const;

const keyListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  /** The id of the last key of the page before. */
  after: z.uuid().optional(),
  status: z.array(z.enum(KEY_STATES)).optional(),
  team: z.uuid().optional(),
  owner: z.uuid().optional(),
  model: z.string().min(1).max(256).optional(),
  unused: z.boolean().default(false),
  expiring: z.boolean().default(false),
  text: z.string().trim().max(120).optional(),
});
export type KeyListQuery = z.infer<typeof keyListQuery>;

const keyStates = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(KEY_STATES)));

/** The filters of the list as they stand in an address. */
export const keyExportQuery = z.strictObject({
  status: keyStates.optional(),
  team: z.uuid().optional(),
  user: z.uuid().optional(),
  model: z.string().min(1).max(256).optional(),
  unused: queryFlag.default(false),
  expiring: queryFlag.default(false),
  q: z.string().trim().max(120).optional(),
});

/** One row of the list. */
export interface KeyListRow extends ApiKeyInfo {
  state: KeyState;
  /** Whose budget is spent, when that is the state. */
  spent_subject: "key" | "user" | "team" | "organization" | null;
  /** Requests of the last 24 hours by hour, the oldest first. */
  hourly: number[];
  requests_24h: number;
  limited_24h: number;
  failed_24h: number;
  last_used_ip: string | null;
  last_used_agent: string | null;
}

export interface KeyListPage {
  keys: KeyListRow[];
  /** `after` of the next page; null on the last. */
  next: string | null;
}

/** What a key was used for lately: asked before it is revoked. */
export interface KeyUse {
  last_used_at: string | null;
  requests_hour: number;
  requests_day: number;
  /** Addresses in the last hour. */
  addresses: number;
}

export const keyBulk = z.strictObject({
  ids: z.array(z.uuid()).min(1).max(100),
  action: z.enum(["enable", "disable", "revoke"]),
});
export type KeyBulk = z.infer<typeof keyBulk>;

export interface KeyBulkResult {
  done: string[];
  refused: { id: string; message: string }[];
}
