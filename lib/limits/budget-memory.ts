import { windowStartMs } from "#lib/contract/budget-window.ts";
import type { BudgetLimit } from "#lib/contract/caller.ts";
import type { BudgetRow } from "#lib/db/budgets.ts";
import {
  type BudgetDemand,
  type BudgetHold,
  type BudgetState,
  type BudgetVerdict,
  budgetStoreError,
} from "./budget-demand.ts";
import { type LiveBudget, sumOfHolds } from "./budget-inspect.ts";
import type { BudgetExcess } from "./budget-repair.ts";
import { UnsettledCharges } from "./unsettled-charges.ts";

/** How long an expired hold waits for a settlement that comes late. */
const LATE_MS = 3_600_000;

export interface MemoryBudgetOptions {
  /** The time that windows go by. */
  now: () => number;
  /** What leases are measured with. */
  steady: () => number;
  /** Reads the rows that budgets start from. */
  load: (ids: readonly string[]) => Promise<readonly BudgetRow[]>;
}

interface Hold {
  budgets: readonly BudgetLimit[];
  amountNanos: bigint;
  /** When it ends: on the clock of windows, and on the one that decides. */
  expiresAtMs: number;
  leaseEndsMs: number;
  state: "open" | "expired";
}

/**
 * Budgets of the only replica there is. Rows are read on first sight; from then on this state leads
 * and the rows follow with each batch of log rows. Between a check and its effect nothing awaits.
 */
export class MemoryBudgets {
  readonly #options: MemoryBudgetOptions;
  readonly #states = new Map<string, BudgetState>();
  readonly #holds = new Map<string, Hold>();
  readonly #seeding = new Map<string, Promise<void>>();
  readonly #unsettled = new UnsettledCharges();

  constructor(options: MemoryBudgetOptions) {
    this.#options = options;
  }

  isSeeded(budgets: readonly BudgetLimit[]): boolean {
    return budgets.every(({ id }) => this.#states.has(id));
  }

  /** Reads what is not known yet, once however many ask. Throws `budget_store_unavailable`. */
  async seed(budgets: readonly BudgetLimit[]): Promise<void> {
    const unknown = budgets.map(({ id }) => id).filter((id) => !this.#states.has(id));
    const unasked = unknown.filter((id) => !this.#seeding.has(id));
    if (unasked.length > 0) {
      const reading = this.#read(unasked);
      for (const id of unasked) {
        this.#seeding.set(id, reading);
      }
    }
    try {
      await Promise.all(unknown.map((id) => this.#seeding.get(id)));
    } catch (error) {
      throw budgetStoreError(error);
    }
  }

  /** Holds the estimate in all budgets or in none. The budgets have to be seeded. */
  reserve(demand: BudgetDemand): BudgetVerdict {
    const { budgets, estimateNanos, requestId, leaseMs } = demand;
    const nowMs = this.#options.now();
    const full = this.#firstWithoutRoom(budgets, estimateNanos, nowMs);
    if (full !== undefined) {
      const { spentNanos, reservedNanos } = this.#stateOf(full, nowMs);
      return { granted: false, refusal: { budget: full, spentNanos, reservedNanos } };
    }
    for (const budget of budgets) {
      this.#stateOf(budget, nowMs).reservedNanos += estimateNanos;
    }
    const hold: Hold = {
      budgets,
      amountNanos: estimateNanos,
      expiresAtMs: nowMs + leaseMs,
      leaseEndsMs: this.#options.steady() + leaseMs,
      state: "open",
    };
    this.#holds.set(requestId, hold);
    return { granted: true, hold: this.#handleOf(requestId, hold) };
  }

  /** Charges holds whose lease has ended at their estimate; returns how many. */
  reap(): number {
    const nowMs = this.#options.now();
    const steadyMs = this.#options.steady();
    let reaped = 0;
    for (const [requestId, hold] of this.#holds) {
      if (hold.state === "open" && hold.leaseEndsMs <= steadyMs) {
        this.#move(hold, hold.amountNanos, nowMs);
        this.#noteUnsettled(hold, hold.amountNanos);
        hold.state = "expired";
        reaped += 1;
      } else if (hold.leaseEndsMs + LATE_MS <= steadyMs) {
        this.#holds.delete(requestId);
      }
    }
    return reaped;
  }

  /** What is known of a budget here; `undefined` before the first request under it. */
  getState(id: string): Readonly<BudgetState> | undefined {
    return this.#states.get(id);
  }

  /** Budgets beside what their holds add up to; those that are not known here are left out. */
  inspect(ids: readonly string[]): Map<string, LiveBudget> {
    const held = sumOfHolds(this.#holds.values());
    const found = new Map<string, LiveBudget>();
    for (const id of ids) {
      const state = this.#states.get(id);
      if (state !== undefined) {
        const unsettledNanos = this.#unsettled.of(id, state.windowStartMs);
        const heldNanos = held.get(id) ?? 0n;
        found.set(id, { ...state, heldNanos, unsettledNanos, corrections: "" });
      }
    }
    return found;
  }

  /** Takes amounts off a budget's counters; false when it has begun a window since it was looked at. */
  lower(id: string, { live, excess }: { live: LiveBudget; excess: BudgetExcess }): boolean {
    const state = this.#states.get(id);
    if (state === undefined || state.windowStartMs !== live.windowStartMs) {
      return false;
    }
    state.spentNanos -= excess.spentNanos;
    state.reservedNanos -= excess.reservedNanos;
    return true;
  }

  #noteUnsettled(hold: Hold, nanos: bigint): void {
    for (const { id } of hold.budgets) {
      this.#unsettled.add(id, this.#states.get(id)?.windowStartMs ?? 0, nanos);
    }
  }

  async #read(ids: readonly string[]): Promise<void> {
    try {
      const rows = new Map((await this.#options.load(ids)).map((row) => [row.id, row]));
      for (const id of ids) {
        const row = rows.get(id);
        this.#states.set(id, {
          spentNanos: row?.spentNanos ?? 0n,
          reservedNanos: 0n,
          windowStartMs: row?.windowStartMs ?? 0,
        });
      }
    } finally {
      for (const id of ids) {
        this.#seeding.delete(id);
      }
    }
  }

  #firstWithoutRoom(
    budgets: readonly BudgetLimit[],
    amountNanos: bigint,
    nowMs: number,
  ): BudgetLimit | undefined {
    // What costs nothing passes a spent budget.
    if (amountNanos === 0n) {
      return undefined;
    }
    return budgets.find((budget) => {
      const state = this.#stateOf(budget, nowMs);
      return state.spentNanos + state.reservedNanos + amountNanos > budget.limitNanos;
    });
  }

  /** The state in the present window: one that has ended is rolled here, and never back. */
  #stateOf(budget: BudgetLimit, nowMs: number): BudgetState {
    const state = this.#states.get(budget.id);
    if (state === undefined) {
      throw budgetStoreError(`Budget ${budget.id} has not been seeded.`);
    }
    const startMs = windowStartMs(budget.period, nowMs);
    if (state.windowStartMs < startMs) {
      state.windowStartMs = startMs;
      state.spentNanos = 0n;
    }
    return state;
  }

  #handleOf(requestId: string, hold: Hold): BudgetHold {
    const end = (costNanos: bigint): undefined => {
      if (this.#holds.get(requestId) === hold) {
        this.#holds.delete(requestId);
        this.#move(hold, costNanos, this.#options.now());
      }
    };
    return {
      get record() {
        return {
          store: "memory" as const,
          budgetIds: hold.budgets.map(({ id }) => id),
          estimateNanos: hold.amountNanos,
        };
      },
      topUp: (totalNanos) => this.#topUp(hold, totalNanos),
      settle: end,
      release: () => end(0n),
    };
  }

  #topUp(hold: Hold, totalNanos: bigint): boolean {
    const moreNanos = totalNanos - hold.amountNanos;
    if (moreNanos <= 0n) {
      return true;
    }
    const nowMs = this.#options.now();
    if (
      hold.state !== "open" ||
      this.#firstWithoutRoom(hold.budgets, moreNanos, nowMs) !== undefined
    ) {
      return false;
    }
    for (const budget of hold.budgets) {
      this.#stateOf(budget, nowMs).reservedNanos += moreNanos;
    }
    hold.amountNanos = totalNanos;
    return true;
  }

  /** Spends a cost: of an open hold in place of what it holds, of an expired one as a correction. */
  #move(hold: Hold, costNanos: bigint, nowMs: number): void {
    for (const budget of hold.budgets) {
      const state = this.#stateOf(budget, nowMs);
      if (hold.state === "open") {
        state.reservedNanos -= hold.amountNanos;
        state.spentNanos += costNanos;
      } else if (state.windowStartMs <= hold.expiresAtMs) {
        const corrected = state.spentNanos + costNanos - hold.amountNanos;
        state.spentNanos = corrected < 0n ? 0n : corrected;
        this.#unsettled.add(budget.id, state.windowStartMs, -hold.amountNanos);
      }
    }
  }
}
