import { z } from "zod";
import { usdInput } from "./amounts.ts";
import { BUDGET_CONDITIONS, BUDGET_LEVELS } from "./budget-levels.ts";
import type { BudgetPeriod } from "./caller.ts";
import { budgetPeriod } from "./limit-fields.ts";

/** Money limits as the console shows them: a tree from the organisation down to single keys. */
export type BudgetLevel = (typeof BUDGET_LEVELS)[number];

export type BudgetCondition = (typeof BUDGET_CONDITIONS)[number];

/** A limit and how much of it is used in the present window. */
export interface BudgetUse {
  id: string;
  limit_usd: string;
  raise_usd: string | null;
  period: BudgetPeriod;
  soft_limit_percent: number | null;
  spent_usd: string;
  reserved_usd: string;
  remaining_usd: string;
  /** Of the limit and what it was raised by; a limit of nothing is used up. */
  used_percent: number;
  /** What will be spent at the end of the window if it goes on like this; null where nobody can tell. */
  projected_usd: string | null;
  resets_at: string | null;
}

export interface BudgetNode {
  /** The way down to the node, unique in the tree. */
  id: string;
  parent: string | null;
  depth: number;
  level: BudgetLevel;
  /** The id of the subject; null for the group of keys without a team. */
  subject_id: string | null;
  name: string;
  /** Whose name the actor may not open: a group around keys that are theirs to see. */
  is_group: boolean;
  budget: BudgetUse | null;
}

export interface BudgetTree {
  nodes: BudgetNode[];
  /** Whether there were more keys than are shown. */
  is_cut: boolean;
}

const budgetTreeQuery = z.strictObject({
  level: z.array(z.enum(BUDGET_LEVELS)).optional(),
  condition: z.enum(BUDGET_CONDITIONS).optional(),
  team: z.uuid().optional(),
  text: z.string().trim().max(120).optional(),
});
export type BudgetTreeQuery = z.infer<typeof budgetTreeQuery>;

const subject = {
  subject: z.enum(BUDGET_LEVELS),
  subject_id: z.string().min(1).max(64),
};

export const budgetSubject = z.strictObject(subject);
export type BudgetSubjectRef = z.infer<typeof budgetSubject>;

export const budgetSet = z.strictObject({
  ...subject,
  budget_limit_usd: usdInput,
  budget_period: budgetPeriod,
  soft_limit_percent: z.int().min(1).max(100).nullable(),
});
export type BudgetSet = z.infer<typeof budgetSet>;

export const budgetRaise = z.strictObject({
  ...subject,
  amount_usd: usdInput.refine((nanos) => nanos > 0n, "must be above 0"),
});
export type BudgetRaise = z.infer<typeof budgetRaise>;

export const budgetReset = z.strictObject({
  ...subject,
  reason: z.string().trim().min(3, "must say why in a few words").max(500),
});
export type BudgetReset = z.infer<typeof budgetReset>;

export interface BudgetContributor {
  id: string | null;
  name: string;
  spend_usd: string;
  requests: number;
}

export interface BudgetEvent {
  id: string;
  at: string;
  actor: string;
  action: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** One limit with what lies behind it. */
export interface BudgetDetail {
  level: BudgetLevel;
  subject_id: string;
  name: string;
  budget: BudgetUse | null;
  /** When the window began that the days below belong to. */
  since: string;
  /** What was spent on each UTC day of the window, the first first. */
  days: { day: string; spent_usd: string }[];
  contributors: BudgetContributor[];
  history: BudgetEvent[];
  /** Names that the scope may ask for and that have no price: refused under a limit. */
  unpriced: string[];
  may: { set: boolean; raise: boolean; reset: boolean };
}
