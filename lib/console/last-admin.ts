import type { Db } from "#lib/db/client.ts";
import { listPasswordAdmins } from "#lib/db/user-passwords.ts";
import { listActiveAdmins } from "#lib/db/users.ts";
import { ConduitError } from "#lib/errors.ts";
import { readSso } from "./sso-settings.ts";

interface Standing {
  id: string;
  role: "admin" | "member";
  isSuspended: boolean;
}

/**
 * The last administrator who can sign in cannot be demoted, suspended or removed; where single
 * sign-on is enforced, neither can the one whose password opens the console without it.
 */
export async function assertNotLastAdmin(tx: Db, user: Standing): Promise<void> {
  if (user.role !== "admin" || user.isSuspended) {
    return;
  }
  const active = await listActiveAdmins(tx);
  const others = active.filter(({ id }) => id !== user.id);
  const canSignIn = active.some(({ id, canSignIn }) => id === user.id && canSignIn);
  if (others.length === 0 || (canSignIn && !others.some((other) => other.canSignIn))) {
    throw new ConduitError("conflict", {
      message: "This is the last active administrator. Make another one first.",
    });
  }
  const sso = await readSso(tx);
  if (sso?.enforced !== true) {
    return;
  }
  const withPassword = (await listPasswordAdmins(tx)).filter(({ id }) => id !== user.id);
  if (sso.break_glass_user_id === user.id || withPassword.length === 0) {
    throw new ConduitError("conflict", {
      message:
        "Single sign-on is enforced, and this administrator's password is the way in when it fails. " +
        "Choose another one in the settings of single sign-on first.",
    });
  }
}
