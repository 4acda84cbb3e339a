"use client";

import { firstToStop, type KeyLevels, type LimitLevel } from "#lib/contract/effective-limit.ts";
import { formatMoney } from "../../_ui/format.ts";

const WINDOWS = {
  total: "in total",
  day: "today",
  week: "this week",
  month: "this month",
} as const;

const KINDS = {
  key: "The key",
  user: "The owner",
  team: "Team",
  organization: "The organisation",
} as const;

export interface EffectiveLimitProps {
  levels: KeyLevels;
  /** The limit that is being typed for the key itself, on top of those that are stored. */
  own?: Pick<LimitLevel, "limit_usd" | "period"> | null;
}

/** Which of the limits above and on a key stops it first, in a sentence. */
export function EffectiveLimit({ levels, own = null }: EffectiveLimitProps) {
  const above = levels.levels.filter(({ subject }) => own === null || subject !== "key");
  const typed: LimitLevel[] =
    own === null
      ? []
      : [
          {
            ...own,
            subject: "key",
            name: "this key",
            remaining_usd: own.limit_usd,
            resets_at: null,
          },
        ];
  return (
    <p role="status" className="rounded-md bg-muted px-3 py-2 text-sm">
      {sentenceOf(firstToStop([...typed, ...above]))}
    </p>
  );
}

function sentenceOf(first: LimitLevel | undefined): string {
  if (first === undefined) {
    return "Effective limit: none. No budget of the key, its owner, its team or the organisation stops it.";
  }
  const left = `${formatMoney(first.remaining_usd)} left ${WINDOWS[first.period]}`;
  if (first.subject === "key") {
    return `Effective limit: the key's own budget, with ${left}, stops it first.`;
  }
  const who = first.subject === "team" ? `Team ${first.name}` : KINDS[first.subject];
  return `Effective limit: ${who} has ${left}, so this key stops there first.`;
}
