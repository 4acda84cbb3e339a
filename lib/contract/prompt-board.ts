import { z } from "zod";
import type { PromptInfo, PromptVersionInfo } from "./prompt.ts";
import { promptMessages, promptValues, promptVariables } from "./prompt-fields.ts";

/** A row of the list of prompts. */
export interface PromptBoardRow {
  prompt: PromptInfo;
  /** Requests of the last seven days that the viewer may count. */
  requests_7d: number;
}

export interface PromptBoard {
  rows: PromptBoardRow[];
  total: number;
  /** Every folder there is, whatever the list is narrowed to. */
  folders: string[];
}

/** A version as the rail of a prompt's page lists it. */
export type PromptVersionHead = Pick<
  PromptVersionInfo,
  "version" | "note" | "labels" | "created_by" | "created_at"
>;

/** One version of a prompt with what stands around it. */
export interface PromptPage {
  prompt: PromptInfo;
  version: PromptVersionInfo;
  /** Newest first. */
  heads: PromptVersionHead[];
  /** How many versions there are; `heads` holds the newest of them. */
  versions: number;
}

/** What one version was used for. */
export interface PromptVersionUsage {
  version: number;
  requests: number;
  cost_usd: string;
  latency_ms_p95: number | null;
}

/** A template that need not be saved, and values to try it with. */
export const promptDraft = z.strictObject({
  messages: promptMessages,
  variables: promptVariables,
  values: promptValues,
});
export type PromptDraft = z.infer<typeof promptDraft>;

/** A version to open elsewhere, as the playground does. */
export const promptVersionQuery = z.strictObject({
  name: z.string().min(1).max(256),
  version: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
});
