import { z } from "zod";
import { usdInput, usdOutput } from "./amounts.ts";
import { instantOutput } from "./instants.ts";

/** Fields that keys, teams and users share: what they may spend, how fast, and on which models. */
export const budgetPeriod = z.enum(["total", "day", "week", "month"]).meta({
  description: "How often spending starts anew: never, or at UTC midnight, Monday, the first.",
});

const positive = z.int().min(1).max(1_000_000_000);

/** Input fields of a budget. `null` in a change removes the limit. */
export const budgetInput = {
  budget_limit_usd: usdInput.nullable().optional(),
  budget_period: budgetPeriod.optional(),
  soft_limit_percent: z.int().min(1).max(100).nullable().optional().meta({
    description: "Share of the budget at which a warning is due.",
  }),
};

/** Input fields of rate limits. `null` in a change removes the limit. */
export const rateInput = {
  rate_limit_rpm: positive.nullable().optional().meta({ description: "Requests per minute." }),
  rate_limit_tpm: positive.nullable().optional().meta({ description: "Tokens per minute." }),
  max_parallel: z.int().min(1).max(100_000).nullable().optional().meta({
    description: "Requests at the same time.",
  }),
};

export const modelNames = z
  .array(z.string().min(1).max(256))
  .max(1000)
  .meta({ description: "Aliases, models or deployments by name." });

export const budgetOutput = {
  budget_limit_usd: usdOutput.nullable(),
  budget_period: budgetPeriod.nullable(),
  soft_limit_percent: z.int().nullable(),
  budget_raise_usd: usdOutput.nullable().meta({
    description: "Room on top of the limit, given once, that ends with the present period.",
  }),
  spend_usd: usdOutput.meta({ description: "Spent in the present period." }),
  reserved_usd: usdOutput.meta({ description: "Held back for requests that are running." }),
  resets_at: instantOutput.nullable().meta({ description: "When the present period ends." }),
};

export const rateOutput = {
  rate_limit_rpm: z.int().nullable(),
  rate_limit_tpm: z.int().nullable(),
  max_parallel: z.int().nullable(),
};
