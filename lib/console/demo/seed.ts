import { SETUP_COMPLETED } from "#lib/auth/setup-token.ts";
import { getDb, getSql, openDedicatedSql } from "#lib/db/client.ts";
import {
  analyzeHistory,
  backdateAll,
  type CircuitEventRow,
  countPeople,
  emptyDatabase,
  insertCircuitEvents,
  setKeyPast,
} from "#lib/db/demo.ts";
import { ensurePartitions } from "#lib/db/partitions.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { saveSetting } from "#lib/db/settings.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { changeSettings } from "../settings.ts";
import type { HistoryApp } from "./draft.ts";
import { type Company, foundCompany } from "./found.ts";
import { type Guards, guarded, setUpGuards } from "./guards.ts";
import { type Incident, incidentsBefore } from "./incidents.ts";
import { prompted, setUpPrompts } from "./prompts.ts";
import { chanceOf } from "./random.ts";
import { limitSpend } from "./spend-limits.ts";
import { makeTraffic } from "./traffic.ts";

const DAY_MS = 86_400_000;
const BATCH = 2_000;

export interface DemoPlan {
  rows: number;
  /** How far back the history goes. */
  days: number;
  /** The end of the history; nothing is later. */
  nowMs: number;
  /** The same seed gives the same history. */
  seed: number;
  /** The reporting zone, in whose working hours most requests are made. */
  zone: string;
  /** In how many places each app runs, with a key of its own in each: 1 to `MOST_PLACES`. */
  places: number;
  /** Removes everything that is there first; without it an install with people is refused. */
  emptyFirst: boolean;
  onProgress?: (stored: number) => void;
}

export interface DemoResult {
  stored: number;
  sample: Company["sample"];
}

/**
 * Fills an empty install with the month of an invented company: people, teams, keys, deployments,
 * aliases, budgets, and the requests that they made. Rows are stored as the gateway stores them, so
 * that sums and rows agree. Throws `conflict` where people are already.
 */
export async function seedDemo(plan: DemoPlan): Promise<DemoResult> {
  await assertEmpty(plan);
  const company = await foundCompany(plan);
  const incidents = incidentsBefore(plan.nowMs);
  const guards = await setUpGuards(company.admin);
  await setUpPrompts(company.admin);
  const { stored, lastUsed } = await storeHistory(plan, { ...company, guards, incidents });
  await analyze();
  await ageKeys(plan, company.apps, lastUsed);
  await backdateAll(getDb("console"), { at: new Date(plan.nowMs - (plan.days + 3) * DAY_MS) });
  await insertCircuitEvents(getDb("console"), circuitEventsOf(incidents, company));
  await limitSpend(company);
  await finishSetup(plan, company);
  return { stored, sample: company.sample };
}

async function assertEmpty({ emptyFirst }: DemoPlan): Promise<void> {
  const db = getDb("console");
  if (emptyFirst) {
    await emptyDatabase(db);
  } else if ((await countPeople(db)) > 0) {
    throw new ConduitError("conflict", {
      message: "This install has people already. Demo data goes into an empty one only.",
    });
  }
}

/** A million rows take longer to analyse than a statement of a pool may. */
async function analyze(): Promise<void> {
  const dedicated = openDedicatedSql();
  try {
    await analyzeHistory(dedicated ?? getSql("batch"));
  } finally {
    await dedicated?.end({ timeout: 5 });
  }
}

async function storeHistory(
  plan: DemoPlan,
  world: Pick<Company, "apps" | "deployments"> & {
    guards: Guards;
    incidents: readonly Incident[];
  },
): Promise<{ stored: number; lastUsed: Map<string, number> }> {
  const sql = getSql("batch");
  const fromMs = plan.nowMs - plan.days * DAY_MS;
  await ensurePartitions(sql, { daysAhead: plan.days + 1, nowMs: fromMs });
  const lastUsed = new Map<string, number>();
  const { guards, ...company } = world;
  // Of its own, so that what rules find changes nothing else.
  const chance = chanceOf(plan.seed + 1);
  let batch: string[] = [];
  let stored = 0;
  const store = async (): Promise<void> => {
    stored += batch.length === 0 ? 0 : await insertRecords(sql, `[${batch.join(",")}]`);
    batch = [];
    plan.onProgress?.(stored);
  };
  for (const { record, atMs } of makeTraffic({ ...plan, ...company, fromMs })) {
    lastUsed.set(record.keyId, atMs);
    const at = { atMs, nowMs: plan.nowMs };
    batch.push(logRowOf(guarded(prompted(record, at), guards, { ...at, chance })));
    if (batch.length === BATCH) {
      await store();
    }
  }
  await store();
  return { stored, lastUsed };
}

async function ageKeys(
  plan: DemoPlan,
  apps: readonly HistoryApp[],
  lastUsed: ReadonlyMap<string, number>,
): Promise<void> {
  const daysFromNow = (days: number): Date => new Date(plan.nowMs + days * DAY_MS);
  for (const [index, app] of apps.entries()) {
    const usedMs = lastUsed.get(app.keyId);
    const quiet = app.quietForDays ?? 0;
    await setKeyPast(getDb("console"), {
      id: app.keyId,
      createdAt: daysFromNow(-plan.days - 2 + index / (2 * apps.length)),
      lastUsedAt: usedMs === undefined ? null : new Date(usedMs),
      expiresAt: app.expiresInDays === undefined ? null : daysFromNow(app.expiresInDays),
      revokedAt: app.isRevoked === true ? daysFromNow(-quiet) : null,
      isActive: app.isDisabled !== true,
    });
  }
}

const MINUTE_MS = 60_000;

/** The breaker of a deployment opens soon after its trouble begins and closes soon after its end. */
function circuitEventsOf(
  incidents: readonly Incident[],
  { deployments }: Company,
): CircuitEventRow[] {
  return incidents.flatMap(({ deployment, fromMs, toMs, failures }) => {
    const id = deployments.find(({ name }) => name === deployment)?.id;
    if (id === undefined || failures < 0.5) {
      return [];
    }
    const event = (atMs: number, state: CircuitEventRow["state"], reason: string | null) => ({
      id: newId(atMs),
      deploymentId: id,
      at: new Date(atMs),
      state,
      reason,
    });
    return [
      event(fromMs + 2 * MINUTE_MS, "open", "Five failures in a row, the last one: overloaded."),
      event(toMs - MINUTE_MS, "half_open", null),
      event(toMs + MINUTE_MS, "closed", null),
    ];
  });
}

async function finishSetup({ nowMs, days, zone }: DemoPlan, { admin }: Company): Promise<void> {
  await changeSettings(admin, "general", { organisation_name: "Example", reporting_zone: zone });
  await changeSettings(admin, "cache", { exact_enabled: true });
  const completedAt = new Date(nowMs - (days + 3) * DAY_MS).toISOString();
  await saveSetting(getDb("console"), { key: SETUP_COMPLETED, value: completedAt });
}
