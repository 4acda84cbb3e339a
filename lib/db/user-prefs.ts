import { eq } from "drizzle-orm";
import { userPrefs } from "#drizzle/schema/user-prefs.ts";
import type { Db } from "./client.ts";

/** A person's preferences as stored; `readPreferences` of the contract knows what they may be. */
export async function getUserPrefs(db: Db, params: { userId: string }): Promise<unknown> {
  const [row] = await db
    .select({ value: userPrefs.value })
    .from(userPrefs)
    .where(eq(userPrefs.userId, params.userId));
  return row?.value;
}

/** As `getUserPrefs`, and nobody else changes them until the transaction ends. */
export async function lockUserPrefs(tx: Db, params: { userId: string }): Promise<unknown> {
  // The row has to exist to be locked; two first changes at once would else lose one of them.
  await tx.insert(userPrefs).values({ userId: params.userId, value: {} }).onConflictDoNothing();
  const [row] = await tx
    .select({ value: userPrefs.value })
    .from(userPrefs)
    .where(eq(userPrefs.userId, params.userId))
    .for("update");
  return row?.value;
}

export async function saveUserPrefs(
  db: Db,
  params: { userId: string; value: unknown },
): Promise<void> {
  await db
    .update(userPrefs)
    .set({ value: params.value, updatedAt: new Date() })
    .where(eq(userPrefs.userId, params.userId));
}
