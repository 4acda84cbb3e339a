import { verifyPassword } from "#lib/auth/password.ts";
import { admitTry } from "#lib/auth/throttle.ts";
import { getDb } from "#lib/db/client.ts";
import { type CredentialRow, getCredential, getCredentialByEmail } from "#lib/db/user-passwords.ts";
import { getLog } from "#lib/log.ts";
import { recordSignIn } from "./sign-in-audit.ts";
import { mayUsePassword } from "./sso-settings.ts";
import type { Visitor } from "./visitor.ts";

/** A try's outcome; why it was refused is told to the audit log alone. */
export type PasswordVerdict =
  | { kind: "accepted"; userId: string }
  | { kind: "refused" }
  | { kind: "wait"; waitMs: number };

/**
 * Checks an address and a password. An unknown address, a wrong password, a suspended account and
 * one that has to come through single sign-on are refused alike, and take the same time.
 */
export async function checkPassword(
  visitor: Visitor,
  credentials: { email: string; password: string },
): Promise<PasswordVerdict> {
  const email = credentials.email.trim().toLowerCase();
  const row = await getCredentialByEmail(getDb("console"), { email });
  return await verify(visitor, {
    tried: { email, ip: visitor.ip },
    row,
    password: credentials.password,
  });
}

/**
 * Checks the password of somebody who is signed in. Their tries are counted apart from those of the
 * sign-in page, where anybody can make them wait.
 */
export async function checkOwnPassword(
  visitor: Visitor,
  params: { userId: string; password: string },
): Promise<PasswordVerdict> {
  const row = await getCredential(getDb("console"), { id: params.userId });
  return await verify(visitor, {
    tried: { userId: params.userId },
    row,
    password: params.password,
  });
}

async function verify(
  visitor: Visitor,
  params: {
    tried: Parameters<typeof admitTry>[0];
    row: CredentialRow | undefined;
    password: string;
  },
): Promise<PasswordVerdict> {
  const { tried, row, password } = params;
  const admission = await admitTry(tried);
  if (!admission.admitted) {
    return { kind: "wait", waitMs: admission.waitMs };
  }
  const isRight = await verifyPassword(row?.passwordHash ?? null, password);
  const reason = await refusalOf(row, isRight);
  if (row === undefined || reason !== undefined) {
    // Not awaited: the time it takes would tell that the account exists.
    noteRefusal(visitor, row, reason);
    return { kind: "refused" };
  }
  await admission.succeed();
  return { kind: "accepted", userId: row.id };
}

async function refusalOf(
  row: CredentialRow | undefined,
  isRight: boolean,
): Promise<string | undefined> {
  const isAllowed = await mayUsePassword(row);
  if (!isRight) {
    return "wrong password";
  }
  if (row?.suspendedAt !== null) {
    return "suspended";
  }
  return isAllowed ? undefined : "single sign-on is enforced";
}

function noteRefusal(
  visitor: Visitor,
  row: CredentialRow | undefined,
  reason: string | undefined,
): void {
  if (row === undefined) {
    // What was typed may be anything, a password in the wrong field included.
    return;
  }
  recordSignIn(visitor, {
    action: "session.refuse",
    actor: { type: "system", id: null, name: row.email },
    targetId: row.id,
    after: { reason },
  }).catch((error: unknown) => getLog().error({ err: error }, "a refused sign-in was not noted"));
}
