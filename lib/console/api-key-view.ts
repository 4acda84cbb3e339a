import type { ApiKeyInfo } from "#lib/contract/api-key.ts";
import { instantOf } from "#lib/contract/instants.ts";
import type { ApiKeyRow } from "#lib/db/api-key-admin.ts";
import type { BudgetFields } from "./budget-view.ts";

/** A key as the admin API shows it. */
export function apiKeyInfoOf(row: ApiKeyRow, budget: BudgetFields): ApiKeyInfo {
  const status = statusOf(row);
  return {
    id: row.id,
    key_prefix: row.hint ?? "",
    alias: row.alias,
    user_id: row.userId,
    user_email: row.userEmail,
    team_id: row.teamId,
    allowed_models: row.allowedModels,
    ...budget,
    rate_limit_rpm: row.rateLimitRpm,
    rate_limit_tpm: row.rateLimitTpm,
    max_parallel: row.maxParallel,
    allowed_cidrs: row.allowedCidrs,
    tags: row.tags,
    is_active: row.isActive && row.revokedAt === null,
    status,
    expires_at: instantOf(row.expiresAt),
    last_used_at: instantOf(row.lastUsedAt),
    created_at: instantOf(row.createdAt),
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
