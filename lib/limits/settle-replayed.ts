import { settleReservations } from "#lib/db/budgets.ts";
import { getSql } from "#lib/db/client.ts";
import { getLimits } from "./configure.ts";
import { listHeldBudgets } from "./held-budgets.ts";

/** What is read of a row of the journal. */
interface ReplayedRow {
  id: string;
  cost_nanos?: string;
  /** In Postgres' own notation of an array. */
  budget_ids?: string;
  reservation_store?: string;
}

const SETTLED_AT_ONCE = 100;

/**
 * Ends what requests still hold in Redis whose process is gone, at what their rows say that they
 * cost; otherwise it would be held until their leases end, and then charged a second time. Call it
 * with the rows of a dead process's journal before they are stored: once they are, a budget in Redis
 * may have taken their cost over from its row. Rows that were settled before change nothing.
 * `rowsJson` is a JSON array. Rejects when the database does not answer.
 */
export async function settleReplayed(rowsJson: string): Promise<void> {
  const { shared, started } = getLimits();
  if (shared === undefined) {
    return;
  }
  await started;
  // Written by `logRowOf` and `intentRowOf`, and covered by the journal's checksums.
  const rows = (JSON.parse(rowsJson) as ReplayedRow[]).filter(
    (row) => row.budget_ids !== undefined && row.reservation_store === undefined,
  );
  // A hold may have moved to the database after its request was noted; its row charges the cost.
  await settleReservations(
    getSql("batch"),
    rows.map(({ id }) => ({ requestId: id, costNanos: 0n })),
  );
  const budgets = await listHeldBudgets(new Set(rows.flatMap(idsOf)));
  for (let from = 0; from < rows.length; from += SETTLED_AT_ONCE) {
    await Promise.all(
      rows.slice(from, from + SETTLED_AT_ONCE).map((row) => {
        const held = idsOf(row).flatMap((id) => budgets.get(id) ?? []);
        const costNanos = BigInt(row.cost_nanos ?? 0);
        return shared.redisBudgets.settle({ requestId: row.id, budgets: held }, { costNanos });
      }),
    );
  }
}

function idsOf({ budget_ids: text }: ReplayedRow): string[] {
  return text === undefined ? [] : text.slice(1, -1).split(",");
}
