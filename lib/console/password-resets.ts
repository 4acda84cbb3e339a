import { hashPassword } from "#lib/auth/password.ts";
import type { LinkState, PasswordReset } from "#lib/contract/people.ts";
import { getDb } from "#lib/db/client.ts";
import {
  getPasswordReset,
  insertPasswordReset,
  type PasswordResetRow,
  usePasswordResets,
} from "#lib/db/password-resets.ts";
import { endSessions } from "#lib/db/sessions.ts";
import { savePasswordHash } from "#lib/db/user-passwords.ts";
import { getUser } from "#lib/db/users.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { type Actor, assertWithinReach } from "./actor.ts";
import { applyChange } from "./change.ts";
import { requireFound } from "./found.ts";
import { linkDigest, linkOf, makeLinkToken } from "./links.ts";
import { applyOwnChange } from "./own-change.ts";
import { assertPasswordFits } from "./password-rule.ts";
import { mayUsePassword } from "./sso-settings.ts";
import type { Visitor } from "./visitor.ts";

/** A reset link opens an account, so it is good for a day and not for a week. */
const RESET_MS = 86_400_000;

/** Makes a link that lets a person set a new password once; links from before stop working. */
export async function createResetLink(actor: Actor, userId: string): Promise<{ link: string }> {
  assertWithinReach(actor, "user.update", { userId: null, teamId: null, what: "person" });
  const user = requireFound(await getUser(getDb("console"), { id: userId }), "person");
  if (user.suspendedAt !== null || !(await mayUsePassword(user))) {
    throw new ConduitError("conflict", {
      message:
        user.suspendedAt === null
          ? "This person signs in with single sign-on."
          : "This person is suspended. Lift that first.",
    });
  }
  const { token, digest } = makeLinkToken("reset");
  await applyChange(actor, async (tx) => {
    const now = new Date();
    await usePasswordResets(tx, { userId, at: now });
    await insertPasswordReset(tx, {
      id: newId(),
      digest,
      userId,
      createdBy: actor.principal.kind === "user" ? actor.principal.id : null,
      expiresAt: new Date(now.getTime() + RESET_MS),
    });
    return {
      result: undefined,
      kind: "user",
      subjectId: userId,
      action: "user.password.reset_link",
      after: { email: user.email },
    };
  });
  return { link: linkOf("reset", token) };
}

/** What a link for a new password is good for now. */
export async function showResetLink(token: string): Promise<LinkState> {
  const digest = linkDigest("reset", token);
  return stateOf(await getPasswordReset(getDb("console"), { digest }));
}

function stateOf(row: PasswordResetRow | undefined): LinkState {
  if (row === undefined) {
    return { kind: "unknown" };
  }
  if (row.usedAt !== null) {
    return { kind: "used" };
  }
  if (row.suspendedAt !== null) {
    return { kind: "revoked" };
  }
  return row.expiresAt.getTime() <= Date.now()
    ? { kind: "expired" }
    : { kind: "open", email: row.email, name: row.name };
}

/**
 * Sets the password that a link was made for, and ends every session of the person: whoever had the
 * old password is out. Gives the user to sign in.
 */
export async function resetPassword(
  visitor: Visitor,
  input: PasswordReset,
): Promise<{ userId: string }> {
  const digest = linkDigest("reset", input.token);
  const link = await showResetLink(input.token);
  if (link.kind !== "open") {
    throw gone();
  }
  assertPasswordFits(input.password, link.email);
  const passwordHash = await hashPassword(input.password);
  return await applyOwnChange(visitor, async (tx) => {
    const row = await getPasswordReset(tx, { digest, lock: true });
    if (row === undefined || stateOf(row).kind !== "open") {
      throw gone();
    }
    const { userId, email } = row;
    await savePasswordHash(tx, { id: userId, passwordHash });
    await usePasswordResets(tx, { userId, at: new Date() });
    await endSessions(tx, { userId });
    return {
      result: { userId },
      kind: "user",
      subjectId: userId,
      action: "user.password.reset",
      actor: { id: userId, email },
    };
  });
}

function gone(): ConduitError {
  return new ConduitError("not_found", {
    message: "This link is no longer good. Ask an administrator for another one.",
  });
}
