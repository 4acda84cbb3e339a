import { revokeSessions } from "#lib/auth/session.ts";
import { revokeInvites } from "#lib/db/invites.ts";
import { usePasswordResets } from "#lib/db/password-resets.ts";
import { linkOidcSubject, type SsoUserRow } from "#lib/db/sso-users.ts";
import { getCredential } from "#lib/db/user-passwords.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";
import { applyChange } from "./change.ts";
import { readSso } from "./sso-settings.ts";

/**
 * Binds an account to whom the identity provider vouches for, and ends every other way into it:
 * whoever opened the invitation first, and chose the password, need not be the same person. The
 * emergency account keeps its password. Keys of the API go on working; the event says what ended.
 */
export async function linkAccount(
  actor: Actor,
  { user, subject }: { user: SsoUserRow; subject: string },
): Promise<void> {
  await applyChange(actor, async (tx) => {
    const before = await getCredential(tx, { id: user.id });
    const keepsPassword = (await readSso(tx))?.break_glass_user_id === user.id;
    if (!(await linkOidcSubject(tx, { id: user.id, subject, keepsPassword }))) {
      throw new ConduitError("conflict", { message: "This account was linked a moment ago." });
    }
    const at = new Date();
    const ended = {
      password: !keepsPassword && typeof before?.passwordHash === "string",
      sessions: await revokeSessions({ userId: user.id }, tx),
      reset_links: await usePasswordResets(tx, { userId: user.id, at }),
      invitations: await revokeInvites(tx, { email: user.email, at }),
    };
    return {
      result: undefined,
      kind: "user",
      subjectId: user.id,
      action: "user.link",
      after: { by: "single sign-on", ended },
    };
  });
}
