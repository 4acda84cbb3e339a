import { windowStartMs } from "#lib/contract/budget-window.ts";
import { type BudgetBook, listBudgetBooks } from "#lib/db/budget-books.ts";
import { getDb } from "#lib/db/client.ts";
import { isRedisUnavailable } from "#lib/redis/breaker.ts";
import { excessOfRow, onlyAbove, repairRow } from "./budget-books.ts";
import { inspectRedis, type LiveBudget, lowerInRedis } from "./budget-inspect.ts";
import { type BudgetExcess, type BudgetStore, recordRepair } from "./budget-repair.ts";
import { getLimits } from "./configure.ts";

/** A counter that does not agree with the log and with what is held. */
export interface BudgetDrift extends BudgetExcess {
  budgetId: string;
  store: BudgetStore;
  /** Whether it was lowered. What is below is only told. */
  isRepaired: boolean;
}

/** The counters that requests are judged by, as they stood at one moment. */
export interface BudgetSample {
  store: "memory" | "redis";
  budgets: ReadonlyMap<string, LiveBudget>;
  /** Those that were below their rows. A row may be stored a moment before its request is settled. */
  behind: ReadonlySet<string>;
}

export interface BudgetCheck {
  /** How many budgets were compared. */
  checked: number;
  drifts: BudgetDrift[];
  /** To be given to the next check, once the rows of everything that has ended by now are stored. */
  sample: BudgetSample | undefined;
}

/** The budgets that changed last; the others were compared when they did. */
const CHECKED_MOST = 2_000;

/**
 * Compares what budgets have counted with the log rows and with what open requests hold, in the
 * database and in the store that requests are judged by, and lowers what is too much. `earlier` is
 * the sample of a check before: every request that had ended by then has its row in the database by
 * now, so that what its counters are above the rows nothing will ever explain. Rejects when the
 * database does not answer.
 */
export async function checkBudgets(earlier: BudgetSample | undefined): Promise<BudgetCheck> {
  const drifts: BudgetDrift[] = [];
  const books = await listBudgetBooks(getDb("batch"), { limit: CHECKED_MOST });
  for (const book of books) {
    drifts.push(...(await checkRow(book)));
    drifts.push(...(await checkEarlier(book, earlier)));
  }
  const sample = await takeSample(books);
  const below = books.flatMap((book) => findBelow(book, sample));
  // What is below for the second time has not just been overtaken.
  drifts.push(...below.filter(({ budgetId }) => earlier?.behind.has(budgetId) === true));
  const behind = new Set(below.map(({ budgetId }) => budgetId));
  return { checked: books.length, drifts, sample: sample && { ...sample, behind } };
}

async function checkRow(book: BudgetBook): Promise<BudgetDrift[]> {
  const excess = excessOfRow(book);
  const drift = { budgetId: book.id, store: "postgres" as const };
  if (isAbove(excess)) {
    const taken = await repairRow(book.id);
    book.spentNanos -= taken.spentNanos;
    book.reservedNanos -= taken.reservedNanos;
    return isAbove(taken) ? [{ ...drift, ...taken, isRepaired: true }] : [];
  }
  return isZero(excess) ? [] : [{ ...drift, ...excess, isRepaired: false }];
}

async function checkEarlier(
  book: BudgetBook,
  earlier: BudgetSample | undefined,
): Promise<BudgetDrift[]> {
  const live = earlier?.budgets.get(book.id);
  if (earlier === undefined || live === undefined || !isSameWindow(book, live)) {
    return [];
  }
  const excess = onlyAbove({
    spentNanos: live.spentNanos - live.unsettledNanos - book.spentNanos,
    reservedNanos: live.reservedNanos - live.heldNanos,
  });
  if (!isAbove(excess)) {
    return [];
  }
  const isRepaired = await lowerLive(book, { store: earlier.store, live, excess });
  return isRepaired ? [{ budgetId: book.id, store: earlier.store, ...excess, isRepaired }] : [];
}

/** What a counter is below its row: the row was read first, and so is no newer than the counter. */
function findBelow(book: BudgetBook, sample: Sampled | undefined): BudgetDrift[] {
  const live = sample?.budgets.get(book.id);
  if (sample === undefined || live === undefined || !isSameWindow(book, live)) {
    return [];
  }
  const spentNanos = live.spentNanos - book.spentNanos;
  const reservedNanos = live.reservedNanos - live.heldNanos;
  return spentNanos >= 0n && reservedNanos >= 0n
    ? []
    : [
        {
          budgetId: book.id,
          store: sample.store,
          spentNanos: spentNanos < 0n ? spentNanos : 0n,
          reservedNanos: reservedNanos < 0n ? reservedNanos : 0n,
          isRepaired: false,
        },
      ];
}

/** The audit event is written first; without it nothing is changed. */
async function lowerLive(
  book: BudgetBook,
  lowering: { store: "memory" | "redis"; live: LiveBudget; excess: BudgetExcess },
): Promise<boolean> {
  const { store, live, excess } = lowering;
  try {
    await getDb("batch").transaction(async (tx) => {
      await recordRepair(tx, { book, store, counters: live, excess });
      const { budgets, shared } = getLimits();
      const isLowered =
        store === "redis"
          ? shared !== undefined &&
            (await lowerInRedis(shared.redis, { id: book.id, live, excess }))
          : budgets.lower(book.id, { live, excess });
      if (!isLowered) {
        throw new NotLowered();
      }
    });
    return true;
  } catch (error) {
    if (error instanceof NotLowered || isRedisUnavailable(error)) {
      return false;
    }
    throw error;
  }
}

/** Takes the audit event back: somebody else was faster, or a new window has begun. */
class NotLowered extends Error {}

type Sampled = Omit<BudgetSample, "behind">;

async function takeSample(books: readonly BudgetBook[]): Promise<Sampled | undefined> {
  const { budgets, shared } = getLimits();
  const ids = books.map(({ id }) => id);
  if (shared === undefined) {
    return { store: "memory", budgets: budgets.inspect(ids) };
  }
  try {
    return { store: "redis", budgets: await inspectRedis(shared.redis, ids) };
  } catch (error) {
    // Without Redis the rows are the counters, and those were compared.
    if (isRedisUnavailable(error)) {
      return undefined;
    }
    throw error;
  }
}

/** A row begins its window with its first charge, and a faster store with its first request. */
function isSameWindow(book: BudgetBook, live: LiveBudget): boolean {
  const { period } = book;
  return windowStartMs(period, book.windowStartMs) === windowStartMs(period, live.windowStartMs);
}

function isAbove({ spentNanos, reservedNanos }: BudgetExcess): boolean {
  return spentNanos > 0n || reservedNanos > 0n;
}

function isZero({ spentNanos, reservedNanos }: BudgetExcess): boolean {
  return spentNanos === 0n && reservedNanos === 0n;
}
