import { revokeAllSessions } from "#lib/auth/session.ts";
import type { Actor } from "./actor.ts";
import { applyChange } from "./change.ts";
import { assertAllowed } from "./permission.ts";

/** Ends everybody's sessions but the actor's own, and tells how many were ended. */
export async function signEveryoneOut(actor: Actor): Promise<{ ended: number }> {
  assertAllowed(actor.principal, "setting.update");
  const { principal } = actor;
  const exceptId = principal.kind === "user" ? principal.sessionId : undefined;
  return await applyChange(actor, async (tx) => {
    const ended = await revokeAllSessions({ exceptId }, tx);
    return {
      result: { ended },
      kind: "settings",
      subjectId: "security",
      action: "session.revoke_all",
      after: { ended },
    };
  });
}
