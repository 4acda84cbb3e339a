import type { ApiKeyRotate, ApiKeyRotated } from "#lib/contract/api-key.ts";
import { revokeApiKey } from "#lib/db/api-key-edits.ts";
import { endGrace, insertSecret, retireSecrets } from "#lib/db/api-key-secrets.ts";
import { newId } from "#lib/ids.ts";
import { type Actor, assertWithinReach } from "./actor.ts";
import { requireLiving } from "./api-key-changes.ts";
import { showApiKey } from "./api-keys.ts";
import { applyChange } from "./change.ts";
import { mintToken } from "./mint.ts";

/** Gives a key a new secret; the old one stays valid for the grace that was asked for. */
export async function rotateApiKey(
  actor: Actor,
  id: string,
  input: ApiKeyRotate,
): Promise<ApiKeyRotated> {
  return await applyChange(actor, async (tx) => {
    const { info } = await requireLiving(tx, { actor, action: "key.rotate", id });
    const now = new Date();
    const validUntil = new Date(now.getTime() + input.grace_seconds * 1000);
    await retireSecrets(tx, { keyId: id, validUntil, now });
    const { token, ...secret } = mintToken("sk");
    await insertSecret(tx, { id: newId(), keyId: id, ...secret });
    return {
      result: {
        key: token,
        key_prefix: secret.hint,
        id,
        alias: info.alias,
        created_at: info.created_at,
        previous_valid_until: validUntil.toISOString(),
      },
      kind: "api_key",
      subjectId: id,
      action: "api_key.rotate",
      before: { key_prefix: info.key_prefix },
      after: { key_prefix: secret.hint, grace_seconds: input.grace_seconds },
      teamId: info.team_id,
    };
  });
}

/** Ends the grace of a rotation: from now on only the newest secret opens the key. */
export async function endApiKeyGrace(actor: Actor, id: string): Promise<void> {
  await applyChange(actor, async (tx) => {
    const { info } = await requireLiving(tx, { actor, action: "key.rotate", id });
    await endGrace(tx, { keyId: id, now: new Date() });
    return {
      result: undefined,
      kind: "api_key",
      subjectId: id,
      action: "api_key.end_grace",
      before: { grace_until: info.grace_until },
      after: { grace_until: null },
      teamId: info.team_id,
    };
  });
}

/** Ends a key for good. Revoking one that is revoked already changes nothing. */
export async function endApiKey(actor: Actor, id: string): Promise<void> {
  const info = await showApiKey(actor, id);
  assertWithinReach(actor, "key.revoke", {
    userId: info.user_id,
    teamId: info.team_id,
    what: "key",
  });
  if (info.status === "revoked") {
    return;
  }
  await applyChange(actor, async (tx) => {
    await revokeApiKey(tx, { id, at: new Date() });
    return {
      result: undefined,
      kind: "api_key",
      subjectId: id,
      action: "api_key.revoke",
      before: { status: info.status },
      after: { status: "revoked" },
      teamId: info.team_id,
    };
  });
}
