import { recordAuditEvent } from "#lib/db/audit.ts";
import type { BudgetBook } from "#lib/db/budget-books.ts";
import type { Db } from "#lib/db/client.ts";
import { holdConfigVersion } from "#lib/db/config-version.ts";
import { formatUsd } from "#lib/money.ts";

/** Where a budget is counted. */
export const BUDGET_STORES = ["memory", "redis", "postgres"] as const;
export type BudgetStore = (typeof BUDGET_STORES)[number];

/** What a budget's counters are above what they should be, in nano-dollars; negative when below. */
export interface BudgetExcess {
  spentNanos: bigint;
  reservedNanos: bigint;
}

/** Tells in the audit log that a counter was lowered. Call it last in its transaction: it locks. */
export async function recordRepair(
  tx: Db,
  repair: {
    book: BudgetBook;
    store: BudgetStore;
    /** The counters as they stood. */
    counters: BudgetExcess;
    excess: BudgetExcess;
  },
): Promise<void> {
  const { book, store, counters, excess } = repair;
  await holdConfigVersion(tx);
  await recordAuditEvent(tx, {
    actorType: "system",
    actorId: null,
    actorName: "budget check",
    action: "budget.repair",
    targetType: "budget",
    targetId: book.subjectId,
    teamId: book.subject === "team" ? book.subjectId : null,
    before: {
      counted_in: store,
      spent_usd: formatUsd(counters.spentNanos),
      reserved_usd: formatUsd(counters.reservedNanos),
    },
    after: {
      counted_in: store,
      spent_usd: formatUsd(counters.spentNanos - excess.spentNanos),
      reserved_usd: formatUsd(counters.reservedNanos - excess.reservedNanos),
    },
    ip: null,
    requestId: null,
  });
}
