import { resolveBaseUrl } from "#lib/catalog/base-url.ts";
import { getProvider } from "#lib/catalog/providers.ts";
import type { Deployment, Price, SecretValue } from "#lib/contract/snapshot.ts";
import { type MasterKeys, unseal } from "#lib/crypto.ts";
import { getLog } from "#lib/log.ts";
import { credentialContext } from "./credential-context.ts";
import type { PriceOverrideRow } from "./price-overrides.ts";
import type { DeploymentRow } from "./snapshot-rows.ts";

/** What a price is made from: the deployment's names and its own prices, where it has any. */
export interface PriceInput {
  provider: string;
  modelName: string;
  inputPricePerMillionNanos: bigint | null;
  outputPricePerMillionNanos: bigint | null;
  /** What an administrator has set for models by name. */
  overrides: readonly PriceOverrideRow[];
}

export interface SnapshotConfig {
  masterKeys: MasterKeys;
  compilePrice: (row: PriceInput) => Price;
}

/**
 * One row as requests see it. A row that cannot be used (an unknown provider, no base URL, a key
 * that does not open) becomes an inactive deployment and a warning: it must not take the others
 * down, and it must never be called without its key.
 */
export function compileDeployment(
  row: DeploymentRow,
  config: SnapshotConfig,
  overrides: readonly PriceOverrideRow[],
): Deployment {
  const { deployment } = row;
  const provider = getProvider(deployment.provider);
  const apiBase = provider === undefined ? undefined : resolveBaseUrl(provider, deployment.apiBase);
  const apiKey = apiBase === undefined ? UNUSABLE : openKey(row, config.masterKeys);
  if (apiBase === undefined) {
    warn(row, "its provider is unknown or has no base URL");
  }
  return {
    id: deployment.id,
    name: deployment.name,
    provider: deployment.provider,
    modelName: deployment.modelName,
    apiBase: apiBase ?? "",
    apiKey: apiKey === UNUSABLE ? null : apiKey,
    credentialId: deployment.credentialId,
    priority: deployment.priority,
    weight: deployment.weight,
    isActive: deployment.isActive && apiKey !== UNUSABLE,
    timeoutMs: deployment.timeoutMs,
    maxRpm: deployment.maxRpm,
    maxTpm: deployment.maxTpm,
    tags: deployment.tags,
    settings: deployment.settings,
    price: config.compilePrice({ ...deployment, overrides }),
    allowDroppingUnsupportedFields: deployment.allowDroppingUnsupportedFields,
  };
}

const UNUSABLE = Symbol("unusable");

/** The row's key; `null` when it has none. */
function openKey(row: DeploymentRow, masterKeys: MasterKeys): SecretValue | null | typeof UNUSABLE {
  const { deployment, credential } = row;
  if (credential === null) {
    return null;
  }
  const sealed = {
    version: credential.keyVersion,
    wrappedKey: credential.wrappedKey,
    box: credential.box,
  };
  try {
    const context = credentialContext({
      credentialId: credential.id,
      provider: deployment.provider,
      apiBase: deployment.apiBase,
    });
    return unseal(masterKeys, sealed, context);
  } catch {
    // A wrong master key and a row that was tampered with look the same, as they should.
    const { id, name } = row.deployment;
    getLog().error(
      { deploymentId: id, name },
      "A deployment serves nothing, for its key does not open: the master key, the origin or the row has changed.",
    );
    return UNUSABLE;
  }
}

function warn(row: DeploymentRow, reason: string): void {
  const { id, name } = row.deployment;
  getLog().warn({ deploymentId: id, name }, `A deployment is taken as inactive: ${reason}.`);
}
