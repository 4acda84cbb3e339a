import type { BudgetPeriod } from "#lib/contract/caller.ts";
import type { TeamRow } from "#lib/db/teams.ts";
import { ConduitError } from "#lib/errors.ts";
import { formatUsd } from "#lib/money.ts";
import type { BudgetInput } from "./budget-save.ts";

/** What holds a key back, whether it stands in the database or in a body. */
export interface KeyLimits {
  budget: { limitNanos: bigint; period: BudgetPeriod } | null;
  rateLimitRpm: number | null;
  rateLimitTpm: number | null;
  maxParallel: number | null;
  allowedModels: readonly string[] | null;
  allowedCidrs: readonly string[] | null;
  expiresAt: Date | null;
}

/** The limits that a body names. */
export interface LimitInput extends BudgetInput {
  rate_limit_rpm?: number | null | undefined;
  rate_limit_tpm?: number | null | undefined;
  max_parallel?: number | null | undefined;
  allowed_models?: string[] | null | undefined;
  allowed_cidrs?: string[] | null | undefined;
}

const NO_LIMITS: KeyLimits = {
  budget: null,
  rateLimitRpm: null,
  rateLimitTpm: null,
  maxParallel: null,
  allowedModels: null,
  allowedCidrs: null,
  expiresAt: null,
};

/** What holds a key back once a body was applied; an absent field stays as it was. */
export function limitsAfter(before: KeyLimits | undefined, input: LimitInput): KeyLimits {
  const from = before ?? NO_LIMITS;
  const kept = <Value>(given: Value | undefined, present: Value) =>
    given === undefined ? present : given;
  return {
    budget: budgetAfter(from.budget, input),
    rateLimitRpm: kept(input.rate_limit_rpm, from.rateLimitRpm),
    rateLimitTpm: kept(input.rate_limit_tpm, from.rateLimitTpm),
    maxParallel: kept(input.max_parallel, from.maxParallel),
    allowedModels: kept(input.allowed_models, from.allowedModels),
    allowedCidrs: kept(input.allowed_cidrs, from.allowedCidrs),
    expiresAt: from.expiresAt,
  };
}

function budgetAfter(present: KeyLimits["budget"], input: BudgetInput): KeyLimits["budget"] {
  if (input.budget_limit_usd === null) {
    return null;
  }
  const limitNanos = input.budget_limit_usd ?? present?.limitNanos;
  return limitNanos === undefined
    ? null
    : { limitNanos, period: input.budget_period ?? present?.period ?? "total" };
}

const RATES = [
  { field: "rate_limit_rpm", column: "rateLimitRpm" },
  { field: "rate_limit_tpm", column: "rateLimitTpm" },
  { field: "max_parallel", column: "maxParallel" },
] as const;

/**
 * A limit above the team's own would promise what the team does not have. Throws `invalid_value`
 * naming the field. Amounts of money are compared only where both start anew at the same time; with
 * `input`, only the fields that it names are judged.
 */
export function assertWithinTeam(
  limits: KeyLimits,
  cap: { team: TeamRow | undefined; budget: KeyLimits["budget"] },
  input?: LimitInput,
): void {
  const { team, budget } = cap;
  if (team === undefined) {
    return;
  }
  for (const { field, column } of RATES) {
    const [own, most] = [limits[column], team[column]];
    if (isNamed(input, field) && own !== null && most !== null && own > most) {
      throw tooHigh(field, `${team.name} has ${most}`);
    }
  }
  const isJudged = isNamed(input, "budget_limit_usd") || isNamed(input, "budget_period");
  if (isJudged && isAbove(limits.budget, budget)) {
    throw tooHigh("budget_limit_usd", `${team.name} has $${formatUsd(budget?.limitNanos ?? 0n)}`);
  }
}

function isNamed(input: LimitInput | undefined, field: keyof LimitInput): boolean {
  return input === undefined || input[field] !== undefined;
}

function isAbove(own: KeyLimits["budget"], most: KeyLimits["budget"]): boolean {
  return (
    own !== null && most !== null && own.period === most.period && own.limitNanos > most.limitNanos
  );
}

function tooHigh(param: string, cap: string): ConduitError {
  return new ConduitError("invalid_value", {
    message: `'${param}' is above the limit of the key's team: ${cap}.`,
    param,
  });
}
