import { getSecrets } from "#lib/auth/bootstrap.ts";
import type { InstallInfo, MasterKeyInfo } from "#lib/contract/install.ts";
import { instantOf } from "#lib/contract/instants.ts";
import { databaseKind, getDb } from "#lib/db/client.ts";
import {
  countCredentialsByKey,
  countDigestsByKey,
  countRuleSecretsByKey,
  type KeyUse,
  readInstall,
} from "#lib/db/install.ts";
import { countPayloadsByKey } from "#lib/db/request-payloads.ts";
import { getEnv } from "#lib/env.ts";
import { VERSION } from "#lib/version.ts";
import type { Actor } from "./actor.ts";
import { assertAllowed } from "./permission.ts";

/** The versions of everything that runs here. */
export async function showInstall(actor: Actor): Promise<InstallInfo> {
  assertAllowed(actor.principal, "setting.read");
  const { redisUrl, upstash, mode, serverless } = getEnv();
  const { serverVersion, migrations, lastMigrationAt } = await readInstall(getDb("console"));
  const redis = redisUrl === undefined ? null : "redis";
  return {
    version: VERSION,
    node: process.versions.node,
    database: { kind: databaseKind(), version: serverVersion },
    redis: upstash === undefined ? redis : "upstash",
    mode,
    serverless,
    migrations: { applied: migrations, last_at: instantOf(lastMigrationAt) },
  };
}

/** The versions of the master keys, the one that seals first, and what hangs on each. */
export async function showMasterKeys(actor: Actor): Promise<MasterKeyInfo[]> {
  assertAllowed(actor.principal, "setting.read");
  const db = getDb("console");
  const { masterKeys } = getSecrets();
  const uses = {
    provider_keys: totals(await countCredentialsByKey(db)),
    guardrail_secrets: totals(await countRuleSecretsByKey(db)),
    payloads: totals(await countPayloadsByKey(db)),
    digests: totals(await countDigestsByKey(db)),
  };
  const named = Object.values(uses).flatMap((each) => [...each.keys()]);
  const versions = new Set([...masterKeys.keys.keys(), ...named]);
  return [...versions].map((version) => ({
    version,
    is_current: version === masterKeys.current,
    is_configured: masterKeys.keys.has(version),
    provider_keys: uses.provider_keys.get(version) ?? 0,
    guardrail_secrets: uses.guardrail_secrets.get(version) ?? 0,
    payloads: uses.payloads.get(version) ?? 0,
    digests: uses.digests.get(version) ?? 0,
  }));
}

function totals(uses: readonly KeyUse[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { version, rows } of uses) {
    sums.set(version, (sums.get(version) ?? 0) + rows);
  }
  return sums;
}
