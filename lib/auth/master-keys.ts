import type { MasterKeys } from "#lib/crypto.ts";
import { SettingsError } from "#lib/env.ts";

const ENTRY = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/;
const KEY_BYTES = 32;
/** Thirty-two random bytes hold fewer different values than this less than once in 10^30 times. */
const LEAST_DISTINCT_BYTES = 12;

/**
 * Reads `v2:<base64>,v1:<base64>`: 32-byte keys by version, the one that seals first. Throws
 * `SettingsError` without repeating the value.
 */
export function parseMasterKeys(text: string): MasterKeys {
  const keys = new Map<string, Buffer>();
  for (const entry of text.split(",")) {
    const [version, key] = parseEntry(entry.trim());
    if (keys.has(version)) {
      throw new SettingsError(`CONDUIT_MASTER_KEYS names the version ${version} twice.`);
    }
    keys.set(version, key);
  }
  const [current = ""] = keys.keys();
  return { current, keys };
}

function parseEntry(entry: string): [string, Buffer] {
  const [, version, encoded] = ENTRY.exec(entry) ?? [];
  const key = Buffer.from(encoded ?? "", "base64");
  if (version === undefined || key.length !== KEY_BYTES) {
    throw new SettingsError(
      `CONDUIT_MASTER_KEYS has to be written as v1:<32 bytes in base64>, newer versions first and joined by commas.`,
    );
  }
  if (new Set(key).size < LEAST_DISTINCT_BYTES) {
    throw new SettingsError(`CONDUIT_MASTER_KEYS: the key ${version} is not random.`);
  }
  return [version, key];
}
