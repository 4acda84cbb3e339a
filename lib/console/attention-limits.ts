import { NEAR_PERCENT } from "#lib/contract/budget-levels.ts";
import type { AttentionItem } from "#lib/contract/overview.ts";
import { type BudgetRow, listBudgets } from "#lib/db/budgets-list.ts";
import { getDb } from "#lib/db/client.ts";
import { listExpiringKeys } from "#lib/db/expiring-keys.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { budgetUseOf } from "./budget-use.ts";
import { readLiveBudgets } from "./budget-view.ts";

const LIMITS_READ = 10_000;
const SHOWN = 5;
const DAY_MS = 86_400_000;
const SOON_DAYS = 7;

const NOUNS: Readonly<Record<BudgetRow["subject"], string>> = {
  key: "Key",
  user: "User",
  team: "Team",
  organization: "Organisation",
  deployment: "Deployment",
  tag: "Tag",
};

/** Budgets that are spent, or past the share at which a warning is due; the fullest first. */
export async function spentBudgets(actor: Actor): Promise<AttentionItem[]> {
  const scope = scopeOf(actor, "budget.read");
  const page = { limit: LIMITS_READ, offset: 0 };
  const { rows } = await listBudgets(getDb("console"), { scope, ...page });
  const liveOf = await readLiveBudgets(rows);
  return rows
    .flatMap((row) => {
      const use = budgetUseOf(row, liveOf(row));
      return use === undefined ? [] : [{ row, used: use.used_percent }];
    })
    .filter(({ row, used }) => used >= Math.min(100, row.softLimitPercent ?? NEAR_PERCENT))
    .toSorted((a, b) => b.used - a.used)
    .slice(0, SHOWN)
    .map(({ row, used }) => ({
      id: `budget ${row.id}`,
      level: used >= 100 ? "danger" : "warning",
      title: `${nounOf(row)} ${used >= 100 ? "is over its budget" : "nears its budget"}`,
      detail: `${used.toFixed(1)} % of the ${PERIODS[row.period]} is spent.`,
      href: hrefOf(row),
      action: "Open budget",
    }));
}

const PERIODS: Readonly<Record<BudgetRow["period"], string>> = {
  total: "whole budget",
  day: "day's budget",
  week: "week's budget",
  month: "month's budget",
};

function nounOf({ subject, subjectName }: BudgetRow & { subjectName: string }): string {
  return subject === "organization" ? NOUNS[subject] : `${NOUNS[subject]} ${subjectName}`;
}

function hrefOf({ subject, subjectId }: BudgetRow): string {
  return subject === "key" ? `/keys/${subjectId}?tab=limits` : "/budgets?condition=near";
}

/** Keys that end within a week, the next one first. */
export async function expiringKeys(actor: Actor, nowMs: number): Promise<AttentionItem[]> {
  const keys = await listExpiringKeys(getDb("console"), {
    scope: scopeOf(actor, "key.read"),
    after: new Date(nowMs),
    until: new Date(nowMs + SOON_DAYS * DAY_MS),
    limit: SHOWN,
  });
  return keys.map(({ id, alias, expiresAt }) => ({
    id: `key ${id}`,
    level: "warning",
    title: `Key ${alias ?? "without a name"} expires ${daysLeft(expiresAt.getTime() - nowMs)}`,
    detail: "Calls with it are refused from then on.",
    href: `/keys/${id}`,
    action: "Open key",
  }));
}

function daysLeft(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  if (days === 0) {
    return "within a day";
  }
  return `in ${days} ${days === 1 ? "day" : "days"}`;
}
