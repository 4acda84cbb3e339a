import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { playgroundSnapshots } from "#drizzle/schema/playground-snapshots.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Db } from "./client.ts";

/** Whose playground: a person's own, or theirs on the account of one of their teams. */
export interface PlaygroundOwner {
  userId: string;
  teamId: string | null;
}

export async function getPlaygroundKey(
  db: Db,
  { userId, teamId }: PlaygroundOwner,
): Promise<{ id: string } | undefined> {
  const [row] = await db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.kind, "playground"),
        eq(apiKeys.userId, userId),
        teamId === null ? isNull(apiKeys.teamId) : eq(apiKeys.teamId, teamId),
        isNull(apiKeys.revokedAt),
      ),
    )
    .orderBy(apiKeys.createdAt)
    .limit(1);
  return row;
}

/** Lets one transaction at a time look for a person's playground key and make it. */
export async function lockPlayground(tx: Db, params: { userId: string }): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, params.userId)).for("update");
}

export async function insertPlaygroundKey(
  db: Db,
  params: { id: string } & PlaygroundOwner,
): Promise<void> {
  await db.insert(apiKeys).values({
    id: params.id,
    kind: "playground",
    alias: "Playground",
    userId: params.userId,
    teamId: params.teamId,
    tags: { source: "playground" },
  });
}

export async function insertSnapshot(
  db: Db,
  params: { id: string; userId: string; content: unknown },
): Promise<void> {
  const { id, userId, content } = params;
  await db.insert(playgroundSnapshots).values({ id, userId, content });
}

/** Deletes all but a person's newest snapshots. */
export async function deleteOldSnapshots(
  db: Db,
  params: { userId: string; keep: number },
): Promise<void> {
  const { id, userId } = playgroundSnapshots;
  const old = db
    .select({ id })
    .from(playgroundSnapshots)
    .where(eq(userId, params.userId))
    .orderBy(desc(id))
    .offset(params.keep);
  await db.delete(playgroundSnapshots).where(inArray(id, old));
}

/** A snapshot of this person's; nobody else's is found. */
export async function getSnapshot(
  db: Db,
  params: { id: string; userId: string },
): Promise<{ content: unknown; createdAt: Date } | undefined> {
  const [row] = await db
    .select({ content: playgroundSnapshots.content, createdAt: playgroundSnapshots.createdAt })
    .from(playgroundSnapshots)
    .where(
      and(eq(playgroundSnapshots.id, params.id), eq(playgroundSnapshots.userId, params.userId)),
    );
  return row;
}
