import { findSession, openSession, revokeSession } from "#lib/auth/session.ts";
import { getDb } from "#lib/db/client.ts";
import type { SessionMethod } from "#lib/db/sessions.ts";
import { getCredential } from "#lib/db/user-passwords.ts";
import { requireFound } from "./found.ts";
import { recordSignIn } from "./sign-in-audit.ts";
import type { Visitor } from "./visitor.ts";

/**
 * Starts a session for somebody who has proved who they are. It never takes over an id that the
 * browser brought along, and ends the session behind that one.
 */
export async function startSession(params: {
  visitor: Visitor;
  userId: string;
  method: SessionMethod;
  previousSid: string | undefined;
  /** Whether an identity provider has just signed the person in again. */
  isProved?: boolean | undefined;
}): Promise<{ sid: string; expiresAt: Date }> {
  const { visitor, userId, method, previousSid, isProved } = params;
  const user = requireFound(await getCredential(getDb("console"), { id: userId }), "user");
  const { ip, userAgent } = visitor;
  const opened = await openSession({ userId, method, isProved, ip, userAgent });
  const previous = previousSid === undefined ? undefined : await findSession(previousSid);
  if (previous !== undefined) {
    await revokeSession({ id: previous.person.sessionId, userId: previous.person.id });
  }
  await recordSignIn(visitor, {
    action: "session.create",
    actor: { type: "user", id: user.id, name: user.email },
    targetId: opened.id,
    after: { method },
  });
  return { sid: opened.sid, expiresAt: opened.expiresAt };
}
