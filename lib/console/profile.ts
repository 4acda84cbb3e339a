import { hashPassword } from "#lib/auth/password.ts";
import { listLivingSessions, revokeSession, revokeSessions } from "#lib/auth/session.ts";
import { instantOf } from "#lib/contract/instants.ts";
import type {
  PasswordChange,
  ProfileInfo,
  ProfileInput,
  SessionInfo,
} from "#lib/contract/profile.ts";
import { verdictError } from "#lib/contract/sign-in.ts";
import { getDb } from "#lib/db/client.ts";
import { getCredential, savePasswordHash } from "#lib/db/user-passwords.ts";
import { updateUser } from "#lib/db/users.ts";
import { ConduitError } from "#lib/errors.ts";
import { type Actor, requirePerson } from "./actor.ts";
import { applyChange } from "./change.ts";
import { requireFound } from "./found.ts";
import { assertPasswordFits } from "./password-rule.ts";
import { checkOwnPassword } from "./password-sign-in.ts";
import { recordSignIn } from "./sign-in-audit.ts";

/** Everything that the profile page shows of whoever asks. */
export async function showProfile(actor: Actor): Promise<ProfileInfo> {
  const person = requirePerson(actor);
  const row = requireFound(await getCredential(getDb("console"), { id: person.id }), "user");
  return {
    name: person.name,
    email: person.email,
    hasPassword: row.passwordHash !== null,
    hasSso: row.oidcSubject !== null,
    sessions: await showSessions(actor),
  };
}

async function showSessions(actor: Actor): Promise<SessionInfo[]> {
  const person = requirePerson(actor);
  const rows = await listLivingSessions(person);
  const sessions = rows.map((row) => ({
    id: row.id,
    isCurrent: row.id === person.sessionId,
    method: row.method,
    ip: row.ip,
    userAgent: row.userAgent,
    created_at: instantOf(row.createdAt),
    last_seen_at: instantOf(row.lastSeenAt),
    expires_at: instantOf(row.expiresAt),
  }));
  // The one in use stands first, where one looks for it; the others follow, newest first.
  return sessions.toSorted((left, right) => Number(right.isCurrent) - Number(left.isCurrent));
}

export async function changeProfile(actor: Actor, input: ProfileInput): Promise<void> {
  const person = requirePerson(actor);
  await applyChange(actor, async (tx) => {
    await updateUser(tx, { id: person.id, name: input.name });
    return {
      result: undefined,
      kind: "user",
      subjectId: person.id,
      action: "user.update",
      before: { name: person.name },
      after: { name: input.name },
    };
  });
}

/**
 * Sets a new password for whoever knows the present one, and ends all their other sessions. Throws
 * `invalid_value` naming `current` or `password`.
 */
export async function changePassword(actor: Actor, input: PasswordChange): Promise<void> {
  const person = requirePerson(actor);
  assertPasswordFits(input.password, person.email);
  const visitor = { requestId: actor.requestId, ip: actor.ip, userAgent: null };
  const verdict = await checkOwnPassword(visitor, { userId: person.id, password: input.current });
  const wrong = verdictError(verdict, "The current password is wrong");
  if (wrong !== null) {
    throw new ConduitError("invalid_value", { message: wrong, param: "current" });
  }
  const passwordHash = await hashPassword(input.password);
  await applyChange(actor, async (tx) => {
    await savePasswordHash(tx, { id: person.id, passwordHash });
    const ended = await revokeSessions({ userId: person.id, exceptId: person.sessionId }, tx);
    return {
      result: undefined,
      kind: "user",
      subjectId: person.id,
      action: "user.set_password",
      after: { password: "[secret]", ended_sessions: ended },
    };
  });
}

/** Ends one of one's own sessions. Throws `not_found` for any other. */
export async function endOwnSession(actor: Actor, { id }: { id: string }): Promise<void> {
  const person = requirePerson(actor);
  if (!(await revokeSession({ id, userId: person.id }))) {
    throw new ConduitError("not_found", { message: "There is no such session." });
  }
  await recordSignIn(actor, {
    action: "session.revoke",
    actor: { type: "user", id: person.id, name: person.email },
    targetId: id,
  });
}

/** Ends all of one's sessions but the one in use. Gives how many there were. */
export async function endOtherSessions(actor: Actor): Promise<{ ended: number }> {
  const person = requirePerson(actor);
  const ended = await revokeSessions({ userId: person.id, exceptId: person.sessionId });
  await recordSignIn(actor, {
    action: "session.revoke_others",
    actor: { type: "user", id: person.id, name: person.email },
    targetId: person.sessionId,
    after: { ended },
  });
  return { ended };
}
