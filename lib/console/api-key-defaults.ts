import type { ApiKeyCreate } from "#lib/contract/api-key.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { ConduitError } from "#lib/errors.ts";
import { formatUsd, parseUsd } from "#lib/money.ts";
import { type Actor, ledTeams } from "./actor.ts";

const RATES = ["rate_limit_rpm", "rate_limit_tpm", "max_parallel"] as const;

/**
 * The limits that the install gives a new key where its maker said nothing. For those who lead the
 * key's team `null` is something. For everybody else it is nothing, and what they ask for beyond a
 * default throws `invalid_value` naming the field.
 */
export function withDefaults(actor: Actor, given: ApiKeyCreate): ApiKeyCreate {
  if (maySetLimits(actor, given.team_id ?? null)) {
    return filled(given);
  }
  const input = withoutNulls(given);
  assertWithinDefaults(input);
  return filled(input);
}

function maySetLimits({ principal }: Actor, teamId: string | null): boolean {
  const isBound = principal.kind === "user" && !principal.isAdmin;
  return !isBound || (teamId !== null && ledTeams(principal).includes(teamId));
}

function withoutNulls(input: ApiKeyCreate): ApiKeyCreate {
  return {
    ...input,
    budget_limit_usd: input.budget_limit_usd ?? undefined,
    rate_limit_rpm: input.rate_limit_rpm ?? undefined,
    rate_limit_tpm: input.rate_limit_tpm ?? undefined,
    max_parallel: input.max_parallel ?? undefined,
  };
}

function assertWithinDefaults(input: ApiKeyCreate): void {
  const { general } = currentSettings();
  for (const field of RATES) {
    const most = general[`default_key_${field}`];
    if (most !== null && (input[field] ?? 0) > most) {
      throw beyond(field, `be more than ${most}`);
    }
  }
  const most = defaultBudget();
  if (most === undefined) {
    return;
  }
  if ((input.budget_limit_usd ?? 0n) > most.budget_limit_usd) {
    throw beyond("budget_limit_usd", `be more than $${formatUsd(most.budget_limit_usd)}`);
  }
  // A budget that starts anew at other times may be more money.
  const periods: readonly unknown[] = [undefined, "total", most.budget_period];
  if (!periods.includes(input.budget_period)) {
    throw beyond("budget_period", `be other than ${most.budget_period} or total`);
  }
}

function filled(input: ApiKeyCreate): ApiKeyCreate {
  const { general } = currentSettings();
  const budget = input.budget_limit_usd === undefined ? defaultBudget() : undefined;
  return {
    ...input,
    ...(budget === undefined
      ? {}
      : { ...budget, budget_period: input.budget_period ?? budget.budget_period }),
    rate_limit_rpm: orDefault(input.rate_limit_rpm, general.default_key_rate_limit_rpm),
    rate_limit_tpm: orDefault(input.rate_limit_tpm, general.default_key_rate_limit_tpm),
    max_parallel: orDefault(input.max_parallel, general.default_key_max_parallel),
  };
}

function defaultBudget() {
  const { default_key_budget_usd: usd, default_key_budget_period: period } =
    currentSettings().general;
  const amount = usd === null ? undefined : parseUsd(usd);
  return amount === undefined ? undefined : { budget_limit_usd: amount, budget_period: period };
}

function orDefault(
  given: number | null | undefined,
  preset: number | null,
): number | null | undefined {
  return given === undefined && preset !== null ? preset : given;
}

function beyond(param: string, rule: string): ConduitError {
  return new ConduitError("invalid_value", {
    message: `'${param}' cannot ${rule} here. An admin of the key's team can give it more.`,
    param,
  });
}
