import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { users } from "#drizzle/schema/users.ts";
import type { Db } from "./client.ts";

/** What sign-in needs of a person, the password's hash included. */
export interface CredentialRow {
  id: string;
  email: string;
  passwordHash: string | null;
  oidcSubject: string | null;
  role: "admin" | "member";
  suspendedAt: Date | null;
}

const COLUMNS = {
  id: users.id,
  email: users.email,
  passwordHash: users.passwordHash,
  oidcSubject: users.oidcSubject,
  role: users.role,
  suspendedAt: users.suspendedAt,
};

export async function getCredentialByEmail(
  db: Db,
  params: { email: string },
): Promise<CredentialRow | undefined> {
  const [row] = await db.select(COLUMNS).from(users).where(eq(users.email, params.email));
  return row;
}

export async function getCredential(
  db: Db,
  params: { id: string },
): Promise<CredentialRow | undefined> {
  const [row] = await db.select(COLUMNS).from(users).where(eq(users.id, params.id));
  return row;
}

export async function savePasswordHash(
  db: Db,
  params: { id: string; passwordHash: string },
): Promise<void> {
  await db
    .update(users)
    .set({ passwordHash: params.passwordHash, updatedAt: new Date() })
    .where(eq(users.id, params.id));
}

/** Administrators who can sign in with a password, by address. */
export async function listPasswordAdmins(db: Db): Promise<{ id: string; email: string }[]> {
  return await db
    .select({ id: users.id, email: users.email })
    .from(users)
    .where(and(eq(users.role, "admin"), isNotNull(users.passwordHash), isNull(users.suspendedAt)))
    .orderBy(users.email);
}
