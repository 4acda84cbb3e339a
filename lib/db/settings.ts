import { eq } from "drizzle-orm";
import { settings } from "#drizzle/schema/settings.ts";
import type { Db } from "./client.ts";

/** A run-time setting as it was stored; its reader knows what it may be. */
export async function getSetting(db: Db, params: { key: string }): Promise<unknown> {
  const [row] = await db
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.key, params.key));
  return row?.value;
}

export async function saveSetting(db: Db, params: { key: string; value: unknown }): Promise<void> {
  const updatedAt = new Date();
  await db
    .insert(settings)
    .values({ key: params.key, value: params.value, updatedAt })
    .onConflictDoUpdate({ target: settings.key, set: { value: params.value, updatedAt } });
}
