import type { Alias, Snapshot } from "#lib/contract/snapshot.ts";
import { ConduitError } from "#lib/errors.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";
import { getDb } from "./client.ts";
import { checkRows } from "./snapshot-check.ts";
import { compileDeployment, type SnapshotConfig } from "./snapshot-deployment.ts";
import { type AliasRow, readSnapshotRows, type SnapshotRows } from "./snapshot-rows.ts";
import { compileRule } from "./snapshot-rules.ts";

/** What is in the database and not in use. */
export interface ConfigProblem {
  /** In words, without the values. */
  problems: readonly string[];
  /** Whether the configuration before it stays in use; otherwise the rest of it is used. */
  isRefused: boolean;
  sinceMs: number;
}

interface State {
  config: SnapshotConfig | undefined;
  current: Snapshot | undefined;
  /** What `current` was made of. */
  rows: SnapshotRows | undefined;
  problem: ConfigProblem | undefined;
  running: Promise<Snapshot> | undefined;
  waiting: Promise<Snapshot> | undefined;
  listeners: Set<(snapshot: Snapshot) => void>;
  /** Reads again when the next price comes into force. */
  alarm: NodeJS.Timeout | undefined;
}

function state(): State {
  return singleton("snapshot", () => ({
    config: undefined,
    current: undefined,
    rows: undefined,
    problem: undefined,
    running: undefined,
    waiting: undefined,
    listeners: new Set(),
    alarm: undefined,
  }));
}

/** Hands in what the store cannot import: the keys that open credentials and the price compiler. */
export function configureSnapshots(config: SnapshotConfig): void {
  state().config = config;
}

/** The configuration that requests use. Throws `not_ready` before the first one was read. */
export function currentSnapshot(): Snapshot {
  const { current } = state();
  if (current === undefined) {
    throw new ConduitError("not_ready", { message: "The gateway is still starting." });
  }
  return current;
}

/** Calls `listener` with every snapshot from now on; returns the function that ends it. */
export function onSnapshot(listener: (snapshot: Snapshot) => void): () => void {
  const { listeners } = state();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is wrong with the configuration in the database; `undefined` while nothing is. */
export function configProblem(): ConfigProblem | undefined {
  return state().problem;
}

/** The rows that the present snapshot was made of, secrets sealed; `undefined` before the first. */
export function currentRows(): SnapshotRows | undefined {
  return state().rows;
}

/** Takes rows into use that were read earlier, for a start without the database. */
export function restoreSnapshot(rows: SnapshotRows): Snapshot {
  return use(state(), rows);
}

/**
 * Reads the configuration, swaps it in and tells the listeners. The answer holds everything that
 * was committed before the call. When it throws, the last snapshot stays in use; it also stays, and
 * is the answer, when a row makes no sense (`configProblem`), until that row does.
 */
export function refreshSnapshot(): Promise<Snapshot> {
  const held = state();
  // The next reading has not begun. Asking past it, in the moment between two readings, would let
  // two run at once, and the older one might be swapped in last.
  if (held.waiting !== undefined) {
    return held.waiting;
  }
  if (held.running === undefined) {
    return start(held);
  }
  // The reading that is under way may have begun before the caller's commit.
  held.waiting = held.running.catch(() => undefined).then(() => start(held));
  return held.waiting;
}

function start(held: State): Promise<Snapshot> {
  held.waiting = undefined;
  const run = readSnapshot(held).finally(() => {
    held.running = undefined;
  });
  held.running = run;
  return run;
}

async function readSnapshot(held: State): Promise<Snapshot> {
  const read = await readSnapshotRows(getDb());
  const { valid, problems } = checkRows(read);
  noteProblems(held, problems);
  if (held.problem !== undefined) {
    ringAgain(held, RETRY_MS);
  }
  return held.problem?.isRefused === true && held.current !== undefined
    ? held.current
    : use(held, valid);
}

/** How soon a configuration that made no sense is read again: SQL repairs it without a word to us. */
const RETRY_MS = 5_000;

function noteProblems(held: State, problems: readonly string[]): void {
  if (problems.length === 0) {
    if (held.problem !== undefined) {
      getLog().warn("The configuration in the database is valid again.");
    }
    held.problem = undefined;
    return;
  }
  const before = held.problem;
  const isRefused = before?.isRefused ?? held.current !== undefined;
  held.problem = { problems, isRefused, sinceMs: before?.sinceMs ?? Date.now() };
  if (before?.problems.join() !== problems.join()) {
    getLog().error(
      { problems },
      isRefused
        ? "The configuration in the database is not valid; the last good one stays in use."
        : "A part of the configuration in the database is not valid and not in use.",
    );
  }
}

function use(held: State, rows: SnapshotRows): Snapshot {
  const { config } = held;
  if (config === undefined) {
    throw new Error("configureSnapshots has to be called before the first refresh.");
  }
  const deployments = rows.deployments.map((row) => compileDeployment(row, config, rows.prices));
  const snapshot: Snapshot = {
    version: rows.version,
    loadedAtMs: Date.now(),
    deployments: new Map(deployments.map((item) => [item.id, item])),
    byModelName: Map.groupBy(deployments, (item) => item.modelName),
    byName: new Map(deployments.map((item) => [item.name, item])),
    aliases: new Map(rows.aliases.map((row) => [row.name, compileAlias(row)])),
    rules: rows.rules.map((row) => compileRule(row, config.masterKeys)),
    prompts: new Map(rows.prompts.map((prompt) => [prompt.name, prompt])),
  };
  held.current = snapshot;
  held.rows = rows;
  setAlarm(held, rows.prices);
  for (const listener of held.listeners) {
    listener(snapshot);
  }
  return snapshot;
}

/** Timers cannot be set further ahead than this; a long wait is made of several. */
const MAX_ALARM_MS = 24 * 3_600_000;

/** Prices that begin later are not in this snapshot, so the first moment of one needs another. */
function setAlarm(held: State, prices: readonly { effectiveFrom: Date }[]): void {
  const now = Date.now();
  const waits = prices.map((row) => row.effectiveFrom.getTime() - now).filter((ms) => ms > 0);
  if (held.problem !== undefined) {
    waits.push(RETRY_MS);
  }
  if (waits.length === 0) {
    clearTimeout(held.alarm);
    return;
  }
  ringAgain(held, Math.min(MAX_ALARM_MS, ...waits));
}

function ringAgain(held: State, afterMs: number): void {
  clearTimeout(held.alarm);
  const ring = (): void => {
    refreshSnapshot().catch((error: unknown) => {
      getLog().warn({ err: error }, "The configuration could not be read; the last one stays.");
      ringAgain(held, RETRY_MS);
    });
  };
  held.alarm = setTimeout(ring, afterMs + 1).unref();
}

function compileAlias(row: AliasRow): Alias {
  const { name, strategy, maxAttempts, fallbacks, timeoutMs, members } = row;
  return { name, strategy, maxAttempts, fallbacks, timeoutMs, members };
}
