import { asc, eq } from "drizzle-orm";
import { aliasMembers } from "#drizzle/schema/alias-members.ts";
import { aliases } from "#drizzle/schema/aliases.ts";
import { deployments } from "#drizzle/schema/deployments.ts";
import { providerCredentials } from "#drizzle/schema/provider-credentials.ts";
import type { ManagedPrompt } from "#lib/contract/managed-prompt.ts";
import type { AliasMember, RoutingStrategy } from "#lib/contract/snapshot.ts";
import type { Db } from "./client.ts";
import { getConfigVersion } from "./config-version.ts";
import { type PriceOverrideRow, readPriceOverrides } from "./price-overrides.ts";
import { readManagedPrompts } from "./snapshot-prompts.ts";
import { type GuardrailRuleRow, readActiveRules } from "./snapshot-rules.ts";

export type CredentialRow = typeof providerCredentials.$inferSelect;

export interface DeploymentRow {
  deployment: typeof deployments.$inferSelect;
  credential: CredentialRow | null;
}

export interface AliasRow {
  name: string;
  strategy: RoutingStrategy;
  maxAttempts: number | null;
  fallbacks: string[];
  timeoutMs: number | null;
  members: AliasMember[];
}

export interface SnapshotRows {
  version: number;
  deployments: DeploymentRow[];
  aliases: AliasRow[];
  prices: PriceOverrideRow[];
  rules: GuardrailRuleRow[];
  prompts: ManagedPrompt[];
}

/** All rows of one version, read in one view of the database. */
export function readSnapshotRows(db: Db): Promise<SnapshotRows> {
  return db.transaction(
    async (tx) => ({
      version: await getConfigVersion(tx),
      deployments: await readDeployments(tx),
      aliases: await readAliases(tx),
      prices: await readPriceOverrides(tx),
      rules: await readActiveRules(tx),
      prompts: await readManagedPrompts(tx),
    }),
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

function readDeployments(tx: Db): Promise<DeploymentRow[]> {
  return tx
    .select({ deployment: deployments, credential: providerCredentials })
    .from(deployments)
    .leftJoin(providerCredentials, eq(providerCredentials.id, deployments.credentialId))
    .orderBy(asc(deployments.priority), asc(deployments.name));
}

async function readAliases(tx: Db): Promise<AliasRow[]> {
  const rows = await tx.select().from(aliases).orderBy(asc(aliases.name));
  const members = await tx
    .select()
    .from(aliasMembers)
    .orderBy(asc(aliasMembers.priority), asc(aliasMembers.deploymentId));
  const byAlias = Map.groupBy(members, (member) => member.aliasId);
  return rows.map((row) => ({
    ...row,
    members: (byAlias.get(row.id) ?? []).map(({ deploymentId, priority, weight }) => ({
      deploymentId,
      priority,
      weight,
    })),
  }));
}
