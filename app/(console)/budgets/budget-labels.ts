import type { BudgetLevel } from "#lib/contract/budget-tree.ts";
import type { BudgetPeriod } from "#lib/contract/caller.ts";

export const LEVEL_LABELS: Readonly<Record<BudgetLevel, string>> = {
  organization: "Organisation",
  team: "Team",
  user: "Person",
  key: "Key",
};

const PERIOD_LABELS: Readonly<Record<BudgetPeriod, string>> = {
  day: "per day",
  week: "per week",
  month: "per month",
  total: "in total",
};

export const PERIOD_OPTIONS: readonly { value: BudgetPeriod; label: string }[] = [
  { value: "day", label: PERIOD_LABELS.day },
  { value: "week", label: PERIOD_LABELS.week },
  { value: "month", label: PERIOD_LABELS.month },
  { value: "total", label: PERIOD_LABELS.total },
];
