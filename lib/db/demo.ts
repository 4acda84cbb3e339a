import { getTableName, inArray, sql } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { circuitEvents } from "#drizzle/schema/circuit-events.ts";
import { configVersion } from "#drizzle/schema/config-version.ts";
import { deployments } from "#drizzle/schema/deployments.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import { tables } from "#drizzle/tables.ts";
import type { Db, Sql } from "./client.ts";
import { recordChange } from "./config-version.ts";

/** SQL that only the demonstration's data needs: what else would take a month to come about. */

export async function countPeople(db: Db): Promise<number> {
  return await db.$count(users);
}

/** Removes everything but the schema. Other processes are told to read their configuration anew. */
export async function emptyDatabase(db: Db): Promise<void> {
  const names = Object.values(tables)
    .filter((table) => table !== configVersion)
    .map((table) => sql.identifier(getTableName(table)));
  await db.transaction(async (tx) => {
    // What is made while the gateway runs, as the vectors of the cache, hangs on these.
    await tx.execute(sql`truncate ${sql.join(names, sql`, `)} cascade`);
    await recordChange(tx, { kind: "everything", subjectId: "" });
  });
}

/** Lets some people sign in with a password, given as its hash. */
export async function setPasswordHash(
  db: Db,
  params: { emails: readonly string[]; passwordHash: string },
): Promise<void> {
  await db
    .update(users)
    .set({ passwordHash: params.passwordHash })
    .where(inArray(users.email, [...params.emails]));
}

/** Makes all people, teams and deployments as old as the history is long. */
export async function backdateAll(db: Db, params: { at: Date }): Promise<void> {
  for (const table of [users, teams, deployments]) {
    await db.update(table).set({ createdAt: params.at, updatedAt: params.at });
  }
}

/** What time has done to a key. */
export interface KeyPast {
  id: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  isActive: boolean;
}

export async function setKeyPast(db: Db, { id, ...past }: KeyPast): Promise<void> {
  await db
    .update(apiKeys)
    .set(past)
    .where(inArray(apiKeys.id, [id]));
}

export type CircuitEventRow = typeof circuitEvents.$inferInsert;

export async function insertCircuitEvents(db: Db, rows: readonly CircuitEventRow[]): Promise<void> {
  if (rows.length > 0) {
    await db.insert(circuitEvents).values([...rows]);
  }
}

/** Tells the planner of rows that came all at once, before autovacuum would. */
export async function analyzeHistory(driver: Sql): Promise<void> {
  await driver`analyze request_logs, request_attempts, usage_rollup_15m, usage_rollup_1h`;
}
