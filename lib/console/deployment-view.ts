import { roleOf } from "#lib/auth/principal.ts";
import { getProvider } from "#lib/catalog/providers.ts";
import { reachOf } from "#lib/catalog/roles.ts";
import { formatOptionalUsd } from "#lib/contract/amounts.ts";
import type { DeploymentInfo } from "#lib/contract/deployment.ts";
import { instantOf } from "#lib/contract/instants.ts";
import type { DeploymentRow } from "#lib/db/deployments.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getHealth } from "#lib/routing/health.ts";
import type { Actor } from "./actor.ts";

/** Whether an actor sees where a deployment lives: its address, its settings, its key's ending. */
export function seesInside({ principal }: Actor): boolean {
  return principal.kind !== "user" || reachOf(roleOf(principal), "deployment.update") !== null;
}

/** A deployment as `actor` may see it. */
export function deploymentInfoFor(actor: Actor, row: DeploymentRow): DeploymentInfo {
  const info = deploymentInfoOf(row);
  return seesInside(actor)
    ? info
    : { ...info, api_base: null, settings: {}, api_key: { set: info.api_key.set, last4: null } };
}

/** A deployment as the admin API shows it: of its key no more than the last four characters. */
export function deploymentInfoOf(row: DeploymentRow): DeploymentInfo {
  const health = getHealth().healthOf(row.id);
  return {
    id: row.id,
    name: row.name,
    provider: row.provider,
    model_name: row.modelName,
    api_base: row.apiBase ?? getProvider(row.provider)?.baseUrl ?? null,
    api_key: { set: row.credentialId !== null, last4: row.last4 },
    priority: row.priority,
    weight: row.weight,
    is_active: row.isActive,
    timeout_ms: row.timeoutMs,
    max_rpm: row.maxRpm,
    max_tpm: row.maxTpm,
    tags: row.tags,
    settings: row.settings,
    input_price_per_million_usd: formatOptionalUsd(row.inputPricePerMillionNanos),
    output_price_per_million_usd: formatOptionalUsd(row.outputPricePerMillionNanos),
    price_state: currentSnapshot().deployments.get(row.id)?.price.state ?? null,
    allow_dropping_unsupported_fields: row.allowDroppingUnsupportedFields,
    health: {
      state: health.state,
      since: new Date(health.sinceMs).toISOString(),
      retry_at: health.retryAtMs === null ? null : new Date(health.retryAtMs).toISOString(),
      reason: health.reason,
    },
    version: row.version,
    created_at: instantOf(row.createdAt),
    updated_at: instantOf(row.updatedAt),
  };
}
