import { isNotNull, sql } from "drizzle-orm";
import { adminTokens } from "#drizzle/schema/admin-tokens.ts";
import { apiKeySecrets } from "#drizzle/schema/api-key-secrets.ts";
import { guardrailRules } from "#drizzle/schema/guardrail-rules.ts";
import { providerCredentials } from "#drizzle/schema/provider-credentials.ts";
import type { Db } from "./client.ts";

export interface InstallRow {
  serverVersion: string;
  migrations: number;
  lastMigrationAt: Date | null;
}

/** What the database says of itself. */
export async function readInstall(db: Db): Promise<InstallRow> {
  const [row] = await db.execute<{ version: string; migrations: number; last: Date | null }>(sql`
    select current_setting('server_version') as version,
      (select count(*)::int from schema_migrations) as migrations,
      (select max(applied_at) from schema_migrations) as last`);
  return {
    serverVersion: row?.version ?? "",
    migrations: row?.migrations ?? 0,
    lastMigrationAt: row?.last ?? null,
  };
}

export interface KeyUse {
  /** A version of the master keys. */
  version: string;
  rows: number;
}

/** How many provider keys each version of the master keys seals. */
export async function countCredentialsByKey(db: Db): Promise<KeyUse[]> {
  return await db
    .select({ version: providerCredentials.keyVersion, rows: ROWS })
    .from(providerCredentials)
    .groupBy(providerCredentials.keyVersion);
}

/** How many secrets of guardrail rules each version of the master keys seals. */
export async function countRuleSecretsByKey(db: Db): Promise<KeyUse[]> {
  const version = sql<string>`${guardrailRules.secretKeyVersion}`;
  return await db
    .select({ version, rows: ROWS })
    .from(guardrailRules)
    .where(isNotNull(guardrailRules.secretKeyVersion))
    .groupBy(guardrailRules.secretKeyVersion);
}

/** How many secrets of virtual keys and admin tokens were digested with each version's pepper. */
export async function countDigestsByKey(db: Db): Promise<KeyUse[]> {
  const ofKeys = await db
    .select({ version: apiKeySecrets.pepperVersion, rows: ROWS })
    .from(apiKeySecrets)
    .groupBy(apiKeySecrets.pepperVersion);
  const ofTokens = await db
    .select({ version: adminTokens.pepperVersion, rows: ROWS })
    .from(adminTokens)
    .groupBy(adminTokens.pepperVersion);
  return [...ofKeys, ...ofTokens];
}

const ROWS = sql<number>`count(*)`.mapWith(Number);
