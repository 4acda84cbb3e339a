import { z } from "zod";
import { usdInput } from "./amounts.ts";
import type { BudgetPeriod } from "./caller.ts";

/**
 * The playground: prompts tried on several models side by side. The browser calls `/v1` itself, with
 * a grant that ends after a few minutes and has a budget of its own.
 */
export const GRANT_MINUTES = 10;

/** What a playground may spend in a month until somebody says otherwise. */
export const PLAYGROUND_BUDGET_USD = "10";

export const MAX_PANELS = 4;
const MAX_SNAPSHOT_CHARACTERS = 1_000_000;

export const grantInput = z.strictObject({ team_id: z.uuid().nullable() });

/** A grant's secret: it stays in the memory of the page that asked for it. */
export interface PlaygroundGrant {
  token: string;
  expires_at: string;
}

export const playgroundBudgetInput = z.strictObject({
  team_id: z.uuid().nullable(),
  budget_limit_usd: usdInput,
});

export const playgroundBudgetQuery = z.strictObject({ team_id: z.uuid().optional() });

/** On whose account a playground runs, with what may be asked there. */
export interface PlaygroundScope {
  /** The team whose limits also apply; null for the person alone. */
  team_id: string | null;
  name: string;
  models: PlaygroundModel[];
  budget: PlaygroundBudget;
}

export interface PlaygroundModel {
  name: string;
  kind: "alias" | "model" | "deployment";
  provider: string | null;
}

export interface PlaygroundBudget {
  limit_usd: string;
  remaining_usd: string;
  spent_usd: string;
  period: BudgetPeriod;
  resets_at: string | null;
}

const turn = z.strictObject({
  role: z.enum(["user", "assistant"]),
  content: z.string().max(400_000),
});
export type PlaygroundTurn = z.infer<typeof turn>;

const parameters = z.strictObject({
  temperature: z.number().min(0).max(2).nullable(),
  top_p: z.number().min(0).max(1).nullable(),
  max_tokens: z.int().min(1).max(2_000_000).nullable(),
  seed: z.int().nullable(),
  /** Sequences that end an answer. */
  stop: z.array(z.string().min(1).max(200)).max(4),
  response_format: z.enum(["text", "json_object", "json_schema"]),
  /** JSON as it was typed. */
  schema: z.string().max(100_000),
  tools: z.string().max(100_000),
});
export type PlaygroundParameters = z.infer<typeof parameters>;

const panel = z.strictObject({
  model: z.string().max(256),
  /** Used in place of the shared one; null shares it. */
  system: z.string().max(400_000).nullable(),
  parameters,
  turns: z.array(turn).max(200),
});

/** All that makes a playground, to be kept and opened again. */
export const playgroundContent = z
  .strictObject({
    version: z.literal(1),
    system: z.string().max(400_000),
    panels: z.array(panel).min(1).max(MAX_PANELS),
  })
  .refine(
    (content) => JSON.stringify(content).length <= MAX_SNAPSHOT_CHARACTERS,
    "is longer than a million characters",
  );
export type PlaygroundContent = z.infer<typeof playgroundContent>;

export const NO_PARAMETERS: PlaygroundParameters = {
  temperature: null,
  top_p: null,
  max_tokens: null,
  seed: null,
  stop: [],
  response_format: "text",
  schema: "",
  tools: "",
};
