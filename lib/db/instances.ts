import { desc, eq, gte, lt, sql } from "drizzle-orm";
import { instances } from "#drizzle/schema/instances.ts";
import type { Db } from "./client.ts";

export type InstanceRow = typeof instances.$inferSelect;

/** Says that a process is alive, and how it does. */
export async function saveHeartbeat(db: Db, row: InstanceRow): Promise<void> {
  const { id: _id, host: _host, startedAt: _startedAt, ...state } = row;
  await db.insert(instances).values(row).onConflictDoUpdate({ target: instances.id, set: state });
}

/** The processes that were heard of since a moment, newest first. */
export async function listInstances(db: Db, params: { since: Date }): Promise<InstanceRow[]> {
  return await db
    .select()
    .from(instances)
    .where(gte(instances.seenAt, params.since))
    .orderBy(desc(instances.startedAt), desc(instances.id));
}

/** Removes a process that ends. */
export async function deleteInstance(db: Db, params: { id: string }): Promise<void> {
  await db.delete(instances).where(eq(instances.id, params.id));
}

/** Removes processes that have been silent; gives how many. */
export async function deleteSilentInstances(db: Db, params: { before: Date }): Promise<number> {
  const gone = await db
    .delete(instances)
    .where(lt(instances.seenAt, params.before))
    .returning({ one: sql`1` });
  return gone.length;
}
