import { type BudgetBook, listBudgetBooks, lockBudget, lowerBudget } from "#lib/db/budget-books.ts";
import { getDb } from "#lib/db/client.ts";
import { singleton } from "#lib/singleton.ts";
import { type BudgetExcess, recordRepair } from "./budget-repair.ts";

/**
 * By how much a row may differ from the log, and rightly: a limit that was reset, or set in the
 * middle of its window, has counted less than there is in the log.
 */
interface Baseline {
  windowStartMs: number;
  offsetNanos: bigint;
}

function baselines(): Map<string, Baseline> {
  return singleton("limits.baselines", () => new Map<string, Baseline>());
}

/**
 * What a row's counters are above what log rows and open reservations add up to; negative when they
 * are below. The first look at a window takes its row as it is; later ones compare with that.
 */
export function excessOfRow(book: BudgetBook): BudgetExcess {
  const offsetNanos = book.spentNanos - book.unsettledNanos - book.ledgerNanos;
  const known = baselines().get(book.id);
  const reservedNanos = book.reservedNanos - book.heldNanos;
  if (known?.windowStartMs !== book.windowStartMs || book.isYoung) {
    baselines().set(book.id, { windowStartMs: book.windowStartMs, offsetNanos });
    return { spentNanos: 0n, reservedNanos };
  }
  return { spentNanos: offsetNanos - known.offsetNanos, reservedNanos };
}

/**
 * Lowers a row that has counted too much, with an audit event in the same transaction. It is judged
 * once more under the row's lock, so that two processes that saw the same do it once. Gives what was
 * taken off.
 */
export async function repairRow(id: string): Promise<BudgetExcess> {
  return await getDb("batch").transaction(async (tx) => {
    await lockBudget(tx, id);
    const [book] = await listBudgetBooks(tx, { limit: 1, id });
    if (book === undefined) {
      return { spentNanos: 0n, reservedNanos: 0n };
    }
    const excess = onlyAbove(excessOfRow(book));
    if (excess.spentNanos > 0n || excess.reservedNanos > 0n) {
      await lowerBudget(tx, { id, ...excess });
      await recordRepair(tx, { book, store: "postgres", counters: book, excess });
    }
    return excess;
  });
}

/** Without what is below: a counter is never raised by a check. */
export function onlyAbove({ spentNanos, reservedNanos }: BudgetExcess): BudgetExcess {
  return {
    spentNanos: spentNanos > 0n ? spentNanos : 0n,
    reservedNanos: reservedNanos > 0n ? reservedNanos : 0n,
  };
}
