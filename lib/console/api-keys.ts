import type {
  ApiKeyCreate,
  ApiKeyCreated,
  ApiKeyInfo,
  ApiKeyQuery,
  ApiKeyUpdate,
} from "#lib/contract/api-key.ts";
import {
  type ApiKeyRow,
  type ApiKeyValues,
  getApiKey,
  insertApiKey,
  listApiKeys,
  updateApiKey,
} from "#lib/db/api-key-admin.ts";
import { insertSecret } from "#lib/db/api-key-secrets.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { getTeam } from "#lib/db/teams.ts";
import { ensureUser } from "#lib/db/users.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import type { Actor } from "./actor.ts";
import { apiKeyInfoOf } from "./api-key-view.ts";
import { describeInput, fieldsBefore } from "./audit-fields.ts";
import { saveBudget } from "./budget-save.ts";
import { readBudgetFields, readStoredBudgetFields } from "./budget-view.ts";
import { applyChange } from "./change.ts";
import { expiryOf } from "./expiry.ts";
import { assertSomeField, requireFound, requireNamed } from "./found.ts";
import { mintToken } from "./mint.ts";

export async function showApiKeys(
  query: ApiKeyQuery,
): Promise<{ keys: ApiKeyInfo[]; total: number }> {
  const db = getDb("console");
  const { rows, total } = await listApiKeys(db, {
    limit: query.limit,
    offset: query.offset,
    userId: query.user_id,
    userEmail: query.user_email,
    teamId: query.team_id,
    alias: query.alias,
    status: query.status,
    includeRevoked: query.include_revoked,
    now: new Date(),
  });
  return { keys: await infosOf(db, rows), total };
}

async function infosOf(db: Db, rows: readonly ApiKeyRow[]): Promise<ApiKeyInfo[]> {
  const budgetOf = await readBudgetFields(db, {
    subject: "key",
    subjectIds: rows.map((row) => row.id),
  });
  return rows.map((row) => apiKeyInfoOf(row, budgetOf(row.id)));
}

export async function showApiKey(id: string): Promise<ApiKeyInfo> {
  const db = getDb("console");
  const row = requireFound(await getApiKey(db, { id }), "key");
  const budgetOf = await readBudgetFields(db, { subject: "key", subjectIds: [id] });
  return apiKeyInfoOf(row, budgetOf(id));
}

/** Makes a key for an address; an unknown one becomes a member. The secret is answered once. */
export async function createApiKey(actor: Actor, input: ApiKeyCreate): Promise<ApiKeyCreated> {
  const expiresAt = expiryOf(input);
  return await applyChange(actor, async (tx) => {
    await assertTeam(tx, input.team_id);
    const { user, isNew } = await ensureUser(tx, { id: newId(), email: input.user_email });
    const id = newId();
    const createdAt = new Date();
    await insertApiKey(tx, { id, userId: user.id, createdAt, ...valuesOf(input), expiresAt });
    await saveBudget(tx, { subject: "key", subjectId: id }, input);
    const { token, ...secret } = mintToken("sk");
    await insertSecret(tx, { id: newId(), keyId: id, ...secret });
    return {
      result: {
        key: token,
        key_prefix: secret.hint,
        id,
        alias: input.alias ?? null,
        created_at: createdAt.toISOString(),
      },
      kind: "api_key",
      subjectId: id,
      action: "api_key.create",
      after: { ...describeInput(input), user_id: user.id, user_created: isNew },
      teamId: input.team_id,
    };
  });
}

async function assertTeam(db: Db, teamId: string | null | undefined): Promise<void> {
  if (teamId !== undefined && teamId !== null) {
    requireNamed(await getTeam(db, { id: teamId }), { param: "team_id", what: "team" });
  }
}

function valuesOf(input: ApiKeyUpdate | ApiKeyCreate): ApiKeyValues {
  return {
    alias: input.alias,
    teamId: input.team_id,
    allowedModels: input.allowed_models,
    rateLimitRpm: input.rate_limit_rpm,
    rateLimitTpm: input.rate_limit_tpm,
    maxParallel: input.max_parallel,
    allowedCidrs: input.allowed_cidrs,
    tags: input.tags,
    isActive: "is_active" in input ? input.is_active : undefined,
  };
}

export async function changeApiKey(
  actor: Actor,
  id: string,
  input: ApiKeyUpdate,
): Promise<ApiKeyInfo> {
  assertSomeField(input);
  const expiresAt = expiryOf(input);
  await applyChange(actor, async (tx) => {
    const before = await requireLiving(tx, id);
    await assertTeam(tx, input.team_id);
    await updateApiKey(tx, { id, ...valuesOf(input), expiresAt });
    await saveBudget(tx, { subject: "key", subjectId: id }, input);
    return {
      result: undefined,
      kind: "api_key",
      subjectId: id,
      action: "api_key.update",
      before: fieldsBefore(before, input),
      after: describeInput(input),
      teamId: before.team_id,
    };
  });
  return await showApiKey(id);
}

/** A revoked key stays visible, and nothing about it can be changed any more. */
export async function requireLiving(tx: Db, id: string): Promise<ApiKeyInfo> {
  const row = requireFound(await getApiKey(tx, { id }), "key");
  if (row.revokedAt !== null) {
    throw new ConduitError("conflict", { message: "This key is revoked for good." });
  }
  const budgetOf = await readStoredBudgetFields(tx, { subject: "key", subjectIds: [id] });
  return apiKeyInfoOf(row, budgetOf(id));
}
