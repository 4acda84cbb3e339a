import { changePreferences } from "#lib/contract/preferences.ts";
import {
  type Preferences,
  type PreferencesInput,
  readPreferences,
} from "#lib/contract/preferences-schema.ts";
import { getDb } from "#lib/db/client.ts";
import { getUserPrefs, lockUserPrefs, saveUserPrefs } from "#lib/db/user-prefs.ts";
import { type Actor, requirePerson } from "./actor.ts";

/** How a person wants the console. */
export async function showPreferences(userId: string): Promise<Preferences> {
  return readPreferences(await getUserPrefs(getDb("console"), { userId }));
}

/**
 * Changes one's own preferences. They are no configuration and concern nobody else, so that neither
 * the audit log nor other processes are told.
 */
export async function savePreferences(
  actor: Actor,
  change: PreferencesInput,
): Promise<Preferences> {
  const { id: userId } = requirePerson(actor);
  return await getDb("console").transaction(async (tx) => {
    const before = readPreferences(await lockUserPrefs(tx, { userId }));
    const value = changePreferences(before, change);
    await saveUserPrefs(tx, { userId, value });
    return value;
  });
}
