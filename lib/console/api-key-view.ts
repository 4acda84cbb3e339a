import type { ApiKeyCreate, ApiKeyInfo, ApiKeyUpdate } from "#lib/contract/api-key.ts";
import { instantOf } from "#lib/contract/instants.ts";
import type { ApiKeyRow } from "#lib/db/api-key-admin.ts";
import type { ApiKeyValues } from "#lib/db/api-key-edits.ts";
import type { BudgetFields } from "./budget-view.ts";

/** A key as the admin API shows it. */
export function apiKeyInfoOf(row: ApiKeyRow, budget: BudgetFields): ApiKeyInfo {
  const status = statusOf(row);
  return {
    id: row.id,
    key_prefix: row.hint ?? "",
    alias: row.alias,
    note: row.note,
    user_id: row.userId,
    user_email: row.userEmail,
    team_id: row.teamId,
    team_name: row.teamName,
    allowed_models: row.allowedModels,
    ...budget,
    rate_limit_rpm: row.rateLimitRpm,
    rate_limit_tpm: row.rateLimitTpm,
    max_parallel: row.maxParallel,
    allowed_cidrs: row.allowedCidrs,
    tags: row.tags,
    coalesce: row.coalesce,
    is_active: row.isActive && row.revokedAt === null,
    status,
    expires_at: instantOf(row.expiresAt),
    last_used_at: instantOf(row.lastUsedAt),
    grace_until: instantOf(row.graceUntil),
    version: row.version,
    created_at: instantOf(row.createdAt),
  };
}

/** The columns that a body names. */
export function keyValuesOf(
  input: Omit<ApiKeyUpdate, "expected_version"> | ApiKeyCreate,
): ApiKeyValues {
  return {
    alias: input.alias,
    note: input.note,
    teamId: input.team_id,
    allowedModels: input.allowed_models,
    rateLimitRpm: input.rate_limit_rpm,
    rateLimitTpm: input.rate_limit_tpm,
    maxParallel: input.max_parallel,
    allowedCidrs: input.allowed_cidrs,
    tags: input.tags,
    coalesce: input.coalesce,
    isActive: "is_active" in input ? input.is_active : undefined,
  };
}

/** The worst of the states that a key is in. */
function statusOf(row: ApiKeyRow): ApiKeyInfo["status"] {
  if (row.revokedAt !== null) {
    return "revoked";
  }
  if (!row.isActive) {
    return "disabled";
  }
  return row.expiresAt !== null && row.expiresAt.getTime() <= Date.now() ? "expired" : "active";
}
