import { lt, or, sql } from "drizzle-orm";
import { invites } from "#drizzle/schema/invites.ts";
import { passwordResets } from "#drizzle/schema/password-resets.ts";
import { sessions } from "#drizzle/schema/sessions.ts";
import { signInFailures } from "#drizzle/schema/sign-in-failures.ts";
import type { Db } from "./client.ts";

export interface RemovedAccess {
  sessions: number;
  invites: number;
  resets: number;
  failures: number;
}

const ONE = { one: sql`1` };

/**
 * Removes what gave access once and has been over since `before`: sessions that ran out or were
 * ended, invitations and reset links that ran out or were used, and failed sign-ins of that time.
 */
export async function deleteExpiredAccess(
  db: Db,
  { before }: { before: Date },
): Promise<RemovedAccess> {
  const endedSessions = await db
    .delete(sessions)
    .where(or(lt(sessions.expiresAt, before), lt(sessions.revokedAt, before)))
    .returning(ONE);
  const endedInvites = await db
    .delete(invites)
    .where(
      or(
        lt(invites.acceptedAt, before),
        lt(invites.revokedAt, before),
        lt(invites.expiresAt, before),
      ),
    )
    .returning(ONE);
  const endedResets = await db
    .delete(passwordResets)
    .where(or(lt(passwordResets.usedAt, before), lt(passwordResets.expiresAt, before)))
    .returning(ONE);
  const failures = await db
    .delete(signInFailures)
    .where(lt(signInFailures.at, before))
    .returning(ONE);
  return {
    sessions: endedSessions.length,
    invites: endedInvites.length,
    resets: endedResets.length,
    failures: failures.length,
  };
}
