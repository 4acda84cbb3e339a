import { and, eq, isNull } from "drizzle-orm";
import { passwordResets } from "#drizzle/schema/password-resets.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Db } from "./client.ts";

export interface PasswordResetRow {
  id: string;
  userId: string;
  email: string;
  name: string | null;
  suspendedAt: Date | null;
  expiresAt: Date;
  usedAt: Date | null;
}

export async function insertPasswordReset(
  db: Db,
  params: { id: string; digest: Buffer; userId: string; createdBy: string | null; expiresAt: Date },
): Promise<void> {
  await db.insert(passwordResets).values({
    id: params.id,
    digest: params.digest,
    userId: params.userId,
    createdBy: params.createdBy,
    expiresAt: params.expiresAt,
  });
}

export async function getPasswordReset(
  db: Db,
  params: { digest: Buffer; lock?: true },
): Promise<PasswordResetRow | undefined> {
  const query = db
    .select({
      id: passwordResets.id,
      userId: passwordResets.userId,
      email: users.email,
      name: users.name,
      suspendedAt: users.suspendedAt,
      expiresAt: passwordResets.expiresAt,
      usedAt: passwordResets.usedAt,
    })
    .from(passwordResets)
    .innerJoin(users, eq(users.id, passwordResets.userId))
    .where(eq(passwordResets.digest, params.digest));
  const [row] = await (params.lock === true ? query.for("update", { of: passwordResets }) : query);
  return row;
}

/**
 * Uses up every link of a person that is still good: the one that was opened, and those before it.
 * Gives how many there were.
 */
export async function usePasswordResets(
  db: Db,
  params: { userId: string; at: Date },
): Promise<number> {
  const used = await db
    .update(passwordResets)
    .set({ usedAt: params.at })
    .where(and(eq(passwordResets.userId, params.userId), isNull(passwordResets.usedAt)))
    .returning({ id: passwordResets.id });
  return used.length;
}
