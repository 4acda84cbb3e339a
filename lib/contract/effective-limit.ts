import { parseUsd } from "../money.ts";
import type { BudgetPeriod } from "./caller.ts";

/** One of the money limits that a request of a key counts against. */
export interface LimitLevel {
  subject: "key" | "user" | "team" | "organization";
  name: string;
  limit_usd: string;
  remaining_usd: string;
  period: BudgetPeriod;
  resets_at: string | null;
}

/** Requests and tokens per minute that a key's team allows all of its keys together. */
export interface LevelRates {
  rate_limit_rpm: number | null;
  rate_limit_tpm: number | null;
  max_parallel: number | null;
}

/** Everything that holds a key back beside its own rates. */
export interface KeyLevels {
  levels: LimitLevel[];
  team: ({ name: string; allowed_models: string[] | null } & LevelRates) | null;
}

/** The limit that stops a key first: the one with the least left. `undefined` when there is none. */
export function firstToStop(levels: readonly LimitLevel[]): LimitLevel | undefined {
  const left = (level: LimitLevel) => parseUsd(level.remaining_usd) ?? 0n;
  return levels.reduce<LimitLevel | undefined>(
    (first, level) => (first === undefined || left(level) < left(first) ? level : first),
    undefined,
  );
}
