import type { KeyBulk, KeyBulkResult } from "#lib/contract/api-key-list.ts";
import { isConduitError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";
import { changeApiKey } from "./api-key-changes.ts";
import { endApiKey } from "./api-key-endings.ts";

/**
 * Switches many keys on or off, or ends them, each as if it were the only one: a key that refuses is
 * told with its reason and keeps no other from its turn.
 */
export async function changeApiKeys(actor: Actor, bulk: KeyBulk): Promise<KeyBulkResult> {
  const result: KeyBulkResult = { done: [], refused: [] };
  for (const id of new Set(bulk.ids)) {
    try {
      await changeOne(actor, id, bulk.action);
      result.done.push(id);
    } catch (error) {
      if (!isConduitError(error)) {
        throw error;
      }
      result.refused.push({ id, message: error.message });
    }
  }
  return result;
}

async function changeOne(actor: Actor, id: string, action: KeyBulk["action"]): Promise<void> {
  if (action === "revoke") {
    await endApiKey(actor, id);
    return;
  }
  await changeApiKey(actor, id, { is_active: action === "enable" });
}
