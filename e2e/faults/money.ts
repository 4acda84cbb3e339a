import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { parseUsd } from "#lib/money.ts";
import type { Gateway } from "#lib/testing/gateway.ts";
import { type LogRow, patiently } from "./invariants.ts";

/** A budget as `GET /budgets` tells it, in nano-dollars. */
export interface ToldBudget {
  subject: string;
  subjectId: string;
  limitNanos: bigint;
  spentNanos: bigint;
  reservedNanos: bigint;
}

/** Every budget of the install. */
export async function readBudgets(gateway: Gateway): Promise<ToldBudget[]> {
  const { budgets } = await patiently(() => gateway.admin("GET", "/budgets?limit=200"));
  return (budgets as Record<string, string>[]).map((row) => ({
    subject: String(row["subject"]),
    subjectId: String(row["subject_id"]),
    limitNanos: nanosOf(row["limit_usd"]),
    spentNanos: nanosOf(row["spent_usd"]),
    reservedNanos: nanosOf(row["reserved_usd"]),
  }));
}

/** An amount of the admin API in nano-dollars. Throws when it is none. */
export function nanosOf(usd: string | null | undefined): bigint {
  const nanos = parseUsd(usd ?? "0");
  if (nanos === undefined) {
    throw new Error(`${usd} is no amount.`);
  }
  return nanos;
}

/** What rows cost together. */
export function sumOfRows(rows: readonly LogRow[]): bigint {
  return rows.reduce((sum, row) => sum + nanosOf(row.cost_usd), 0n);
}

const PATIENCE_MS = 60_000;

/**
 * Waits until every budget has spent what `expected` says and holds nothing, and fails with both
 * sides of it when that does not come.
 */
export async function expectSpent(
  gateway: Gateway,
  expected: (budget: ToldBudget) => bigint,
): Promise<void> {
  const wanted = (budget: ToldBudget) => ({ spent: expected(budget), reserved: 0n });
  const found = (budget: ToldBudget) => ({
    spent: budget.spentNanos,
    reserved: budget.reservedNanos,
  });
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(250)) {
    const budgets = await readBudgets(gateway);
    const agrees = budgets.every(
      (budget) => budget.spentNanos === expected(budget) && budget.reservedNanos === 0n,
    );
    if (agrees || Date.now() > deadline) {
      expect(budgets.map(found)).toEqual(budgets.map(wanted));
      return;
    }
  }
}
