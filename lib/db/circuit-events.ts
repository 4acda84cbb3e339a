import { and, asc, desc, eq, gte, lt, sql } from "drizzle-orm";
import { circuitEvents } from "#drizzle/schema/circuit-events.ts";
import type { Db } from "./client.ts";

type CircuitState = "closed" | "open" | "half_open";

/** A breaker became another state, as one process saw it. */
export interface CircuitEventRow {
  id: string;
  deploymentId: string;
  at: Date;
  state: CircuitState;
  reason: string | null;
  instanceId: string | null;
}

export async function insertCircuitEvents(
  db: Db,
  events: readonly CircuitEventRow[],
): Promise<void> {
  if (events.length > 0) {
    await db.insert(circuitEvents).values([...events]);
  }
}

/** The latest events of a deployment, newest first. */
export async function listCircuitEvents(
  db: Db,
  params: { deploymentId: string; limit: number },
): Promise<CircuitEventRow[]> {
  return await db
    .select()
    .from(circuitEvents)
    .where(eq(circuitEvents.deploymentId, params.deploymentId))
    .orderBy(desc(circuitEvents.at), desc(circuitEvents.id))
    .limit(params.limit);
}

/** All events of a span of time, oldest first: what the board of availability is drawn from. */
export async function listCircuitEventsBetween(
  db: Db,
  params: { start: Date; end: Date; limit: number },
): Promise<CircuitEventRow[]> {
  return await db
    .select()
    .from(circuitEvents)
    .where(and(gte(circuitEvents.at, params.start), lt(circuitEvents.at, params.end)))
    .orderBy(asc(circuitEvents.at), asc(circuitEvents.id))
    .limit(params.limit);
}

/** Deletes what is older than anybody looks at; gives the number of rows. */
export async function deleteOldCircuitEvents(db: Db, params: { before: Date }): Promise<number> {
  const rows = await db
    .delete(circuitEvents)
    .where(lt(circuitEvents.at, params.before))
    .returning({ one: sql`1` });
  return rows.length;
}
