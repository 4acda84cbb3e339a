import { Counter, Gauge, type Registry } from "prom-client";
import { sharedNow } from "#lib/clock.ts";
import { getDb } from "#lib/db/client.ts";
import { listInstances } from "#lib/db/instances.ts";
import { type BudgetDrift, type BudgetSample, checkBudgets } from "#lib/limits/budget-check.ts";
import { BUDGET_STORES } from "#lib/limits/budget-repair.ts";
import { getLog } from "#lib/log.ts";
import { formatUsd } from "#lib/money.ts";
import { singleton } from "#lib/singleton.ts";
import { getRuntime } from "./runtime.ts";

/** A row is stored within this time of its request's end, unless a process says that rows wait. */
const STORED_WITHIN_MS = 20_000;
const FLUSH_MS = 5_000;
/** Rows that a process has under way at any moment of a busy day; more of them are a backlog. */
const UNDER_WAY_ROWS = 500;
/**
 * A process that was silent for longer has been struck off, and is no reason to wait: cut off from
 * the database, it refuses everybody after fifteen minutes.
 */
const REMEMBERED_MS = 20 * 60_000;

/** What the last check of this process found, for the next one and for `/metrics`. */
interface LastCheck {
  sample: BudgetSample | undefined;
  sampledAtMs: number;
  drifts: readonly BudgetDrift[];
  repairs: number;
}

function lastCheck(): LastCheck {
  return singleton(
    "gateway.budget_check",
    (): LastCheck => ({ sample: undefined, sampledAtMs: 0, drifts: [], repairs: 0 }),
  );
}

/**
 * The job that compares the counters of budgets with the log, and lowers what they have counted too
 * much. Throws, so that the run is shown as failed, when a counter is below what was spent: such a
 * one is not raised, for a person has to see why.
 */
export async function runBudgetCheck(): Promise<string> {
  const last = lastCheck();
  const isOfUse = last.sample !== undefined && (await areRowsStored(last.sampledAtMs));
  const { checked, drifts, sample } = await checkBudgets(isOfUse ? last.sample : undefined);
  // A sample that is of no use yet will be: a new one in its place would never grow old enough.
  if (isOfUse || last.sample === undefined) {
    last.sample = sample;
    last.sampledAtMs = sharedNow();
  }
  last.drifts = drifts;
  const repaired = drifts.filter(({ isRepaired }) => isRepaired);
  last.repairs += repaired.length;
  const below = drifts.filter(({ isRepaired }) => !isRepaired);
  for (const drift of drifts) {
    getLog().warn(figuresOf(drift), "a budget's counter does not agree with the log");
  }
  if (below.length > 0) {
    throw new Error(
      `${below.length} of ${checked} budgets counted ${formatUsd(-sumOf(below))} USD less than the log.`,
    );
  }
  return repaired.length === 0
    ? `Budgets that agree with the log: ${checked}.`
    : `Counters that were lowered: ${repaired.length}, by ${formatUsd(sumOf(repaired))} USD in all.`;
}

/** Whether every request that had ended by then has its row in the database. */
async function areRowsStored(sinceMs: number): Promise<boolean> {
  const runtime = getRuntime();
  if (runtime === undefined || !(await runtime.recorder.flush(FLUSH_MS))) {
    return false;
  }
  const since = new Date(sharedNow() - REMEMBERED_MS);
  const others = await listInstances(getDb("batch"), { since });
  return (
    others.length <= 1 ||
    others.every(
      ({ seenAt, queued }) =>
        queued <= UNDER_WAY_ROWS && seenAt.getTime() >= sinceMs + STORED_WITHIN_MS,
    )
  );
}

function sumOf(drifts: readonly BudgetDrift[]): bigint {
  return drifts.reduce((sum, drift) => sum + drift.spentNanos + drift.reservedNanos, 0n);
}

function figuresOf({ budgetId, store, spentNanos, reservedNanos, isRepaired }: BudgetDrift) {
  const spentUsd = formatUsd(spentNanos);
  return { budgetId, store, spentUsd, reservedUsd: formatUsd(reservedNanos), isRepaired };
}

/** Registers what the checks of this process have found. */
export function registerBudgetCheck(registers: Registry[]): void {
  new Gauge({
    name: "conduit_budget_drift_nanos",
    help: "By how much the last check found budget counters off the log, in nano-dollars.",
    labelNames: ["store"],
    registers,
    collect() {
      for (const store of BUDGET_STORES) {
        this.set({ store }, offBy(lastCheck().drifts.filter((one) => one.store === store)));
      }
    },
  });
  new Counter({
    name: "conduit_budget_repairs_total",
    help: "Budget counters that a check of this process has lowered.",
    registers,
    collect() {
      this.reset();
      this.inc(lastCheck().repairs);
    },
  });
}

function offBy(drifts: readonly BudgetDrift[]): number {
  const magnitude = (nanos: bigint) => Number(nanos < 0n ? -nanos : nanos);
  return drifts.reduce(
    (sum, drift) => sum + magnitude(drift.spentNanos) + magnitude(drift.reservedNanos),
    0,
  );
}
