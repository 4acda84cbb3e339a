import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { adminOf, type Gateway } from "#lib/testing/gateway.ts";
import { recordFigure } from "#lib/testing/tier.ts";
import type { Outcome } from "./client.ts";
import { CANARY, type FaultWorld } from "./world.ts";

/** What is read of a log row. */
export interface LogRow {
  id: string;
  outcome: string;
  error_code: string | null;
  cost_usd: string | null;
  tokens: { input: number; output: number };
}

/** What the test knows from the upstream's side and the caller's. */
export interface Told {
  outcomes: readonly Outcome[];
  /** What all of it cost, in USD, where the test's script decides every token. */
  costUsd?: number;
  /** Ids whose row is an estimate, and so stays out of the sum. */
  estimated?: ReadonlySet<string>;
  /** Whether a process was killed: only then may an answer be cut without a word. */
  killed?: boolean;
}

const PATIENCE_MS = 60_000;

/**
 * What holds after every fault: one final row for each admitted request, costs as the upstream
 * counted them, nothing reserved, nothing in flight, no secret anywhere, and a proper end for
 * every caller. Waits up to a minute for what is allowed to follow.
 */
export async function expectInvariants(world: FaultWorld, told: Told): Promise<void> {
  expectProperEnds(told);
  const rows = await expectOneRowEach(world.gateway, told);
  if (told.costUsd !== undefined) {
    const counted = rows.filter((row) => told.estimated?.has(row.id) !== true);
    const sum = counted.reduce((total, row) => total + Number(row.cost_usd ?? 0), 0);
    expect(sum).toBeCloseTo(told.costUsd, 9);
  }
  await expectNothingReserved(world.gateway);
  await expectNothingInFlight(world);
  expectNoCanary(world, told.outcomes);
}

function expectProperEnds({ outcomes, killed }: Told): void {
  if (killed !== true) {
    expect(outcomes.filter((one) => one.ending === "cut")).toEqual([]);
  }
}

async function expectOneRowEach(gateway: Gateway, told: Told): Promise<LogRow[]> {
  const admitted = told.outcomes.flatMap((one) => (isAdmitted(one) && one.id ? [one.id] : []));
  const wanted = new Set(admitted);
  let rows: LogRow[] = [];
  let missing: string[] = [];
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(200)) {
    rows = (await allRows(gateway)).filter((row) => wanted.has(row.id));
    const found = new Set(rows.map((row) => row.id));
    missing = admitted.filter((id) => !found.has(id));
    if (missing.length === 0 || Date.now() > deadline) {
      break;
    }
  }
  expect(missing, "requests without a row").toEqual([]);
  expect(rows.length, "rows that are there twice").toBe(wanted.size);
  return rows;
}

/** Bodies that are refused before anybody is known leave no row. */
function isAdmitted(outcome: Outcome): boolean {
  return outcome.status !== 0 && outcome.status !== 401 && outcome.status !== 413;
}

/** Asks again while the gateway says that its database is away: it may just have come back. */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(250)) {
    try {
      return await call();
    } catch (error) {
      if (Date.now() > deadline || !String(error).includes("answered 503")) {
        throw error;
      }
    }
  }
}

/** Every log row of the install, newest first. */
export async function allRows(gateway: Gateway): Promise<LogRow[]> {
  const { admin } = adminOf(gateway.url, gateway.adminKey);
  const rows: LogRow[] = [];
  for (let cursor = ""; ; ) {
    const page = await patiently(() =>
      admin("GET", `/logs?limit=200${cursor && `&cursor=${cursor}`}`),
    );
    rows.push(...(page["logs"] as LogRow[]));
    if (typeof page["next_cursor"] !== "string") {
      return rows;
    }
    cursor = encodeURIComponent(page["next_cursor"]);
  }
}

/** What requests had reserved is given back, whatever became of them. */
export async function expectNothingReserved(gateway: Gateway): Promise<void> {
  let reserved: number[] = [];
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(200)) {
    const { budgets } = await patiently(() => gateway.admin("GET", "/budgets"));
    reserved = (budgets as { reserved_usd: string }[]).map((one) => Number(one.reserved_usd));
    if (reserved.every((amount) => amount === 0)) {
      return;
    }
  }
  expect(reserved).toEqual(reserved.map(() => 0));
}

async function expectNothingInFlight(world: FaultWorld): Promise<void> {
  let inFlight: (number | undefined)[] = [];
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(100)) {
    inFlight = await Promise.all(world.gateways.map((one) => metric(one, "conduit_requests_open")));
    if (inFlight.every((count) => count === 0)) {
      return;
    }
  }
  expect(inFlight).toEqual(inFlight.map(() => 0));
}

/** The sum of a metric's samples; undefined when the process does not have it. */
export async function metric(gateway: Gateway, name: string): Promise<number | undefined> {
  const reply = await fetch(`${gateway.url}/metrics`, {
    headers: { authorization: `Bearer ${gateway.adminKey}` },
  });
  const lines = (await reply.text()).split("\n");
  const samples = lines.filter(
    (line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`),
  );
  return samples.length === 0
    ? undefined
    : samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

/** The key of the upstream is in nothing that was answered, printed or written. */
export function expectNoCanary(world: FaultWorld, outcomes: readonly Outcome[]): void {
  const secret = CANARY.slice(10);
  const spoken = outcomes.filter((one) => `${one.text}${[...one.headers]}`.includes(secret));
  expect(spoken.map((one) => one.id)).toEqual([]);
  for (const gateway of world.gateways) {
    expect(gateway.stdout().includes(secret), "the canary was printed").toBe(false);
    expect(gateway.stderr().includes(secret), "the canary was printed").toBe(false);
    expect(filesWith(gateway.dataDir, secret)).toEqual([]);
  }
  recordFigure({
    figure: "S23",
    value: "0",
    met: true,
    how: "looked for after each case of the fault suites in answers, headers, output, journals and data directories, and in a copy of the database",
  });
}

function filesWith(directory: string, text: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .filter((path) => readFileSync(path).includes(text));
}
