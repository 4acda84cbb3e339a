import type { Action } from "#lib/catalog/roles.ts";
import type { ApiKeyInfo, ApiKeyUpdate } from "#lib/contract/api-key.ts";
import { type ApiKeyRow, getApiKey } from "#lib/db/api-key-admin.ts";
import { lockApiKey, updateApiKey } from "#lib/db/api-key-edits.ts";
import type { Db } from "#lib/db/client.ts";
import { ConduitError } from "#lib/errors.ts";
import { type Actor, assertWithinReach } from "./actor.ts";
import { assertMayChange } from "./api-key-rules.ts";
import { readKeyBudget, readTeamCaps } from "./api-key-team.ts";
import { apiKeyInfoOf, keyValuesOf } from "./api-key-view.ts";
import { showApiKey } from "./api-keys.ts";
import { describeInput, fieldsBefore } from "./audit-fields.ts";
import { saveBudget } from "./budget-save.ts";
import { readStoredBudgetFields } from "./budget-view.ts";
import { applyChange } from "./change.ts";
import { expiryOf } from "./expiry.ts";
import { assertSomeField, requireFound } from "./found.ts";
import { assertFresh } from "./stale.ts";

/**
 * Changes some fields of a key. Throws 404 outside the actor's reach, 403 for a limit that the actor
 * may not loosen, and 409 for a revoked key or an edit of an older version.
 */
export async function changeApiKey(
  actor: Actor,
  id: string,
  update: ApiKeyUpdate,
): Promise<ApiKeyInfo> {
  const { expected_version: expected, ...input } = update;
  assertSomeField(input);
  const expiresAt = expiryOf(input);
  await applyChange(actor, async (tx) => {
    const { row, info } = await requireLiving(tx, { actor, action: "key.update", id });
    await assertFresh(tx, {
      expected,
      version: row.version,
      kind: "api_key",
      id,
      current: info,
    });
    const teamId = input.team_id === undefined ? row.teamId : input.team_id;
    const caps = await readTeamCaps(tx, teamId);
    const budget = await readKeyBudget(tx, { subject: "key", subjectId: id });
    await assertMayChange(tx, actor, { id, input, before: { ...row, budget }, ...caps });
    await updateApiKey(tx, { id, ...keyValuesOf(input), expiresAt });
    await saveBudget(tx, { subject: "key", subjectId: id }, input);
    return {
      result: undefined,
      kind: "api_key",
      subjectId: id,
      action: "api_key.update",
      before: fieldsBefore(info, input),
      after: describeInput(input),
      teamId: row.teamId,
    };
  });
  return await showApiKey(actor, id);
}

/** A revoked key stays visible, and nothing about it can be changed any more. It is locked here. */
export async function requireLiving(
  tx: Db,
  { actor, action, id }: { actor: Actor; action: Action; id: string },
): Promise<{ row: ApiKeyRow; info: ApiKeyInfo }> {
  await lockApiKey(tx, { id });
  const row = requireFound(await getApiKey(tx, { id }), "key");
  assertWithinReach(actor, action, { ...row, what: "key" });
  if (row.revokedAt !== null) {
    throw new ConduitError("conflict", { message: "This key is revoked for good." });
  }
  const budgetOf = await readStoredBudgetFields(tx, { subject: "key", subjectIds: [id] });
  return { row, info: apiKeyInfoOf(row, budgetOf(id)) };
}
