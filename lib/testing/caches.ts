import { cacheSettings } from "#lib/contract/cache-settings.ts";
import { getDb } from "#lib/db/client.ts";
import { refreshSettings, saveSection } from "#lib/db/settings.ts";

/** Sets the caches as a test wants them; what it does not name has its default. */
export async function setCaches(fields: Record<string, unknown>): Promise<void> {
  const values = cacheSettings.parse(fields);
  await saveSection(getDb(), { section: "cache", values, version: 2 });
  await refreshSettings();
}
