import type {
  ApiKeyCreate,
  ApiKeyCreated,
  ApiKeyInfo,
  ApiKeyQuery,
} from "#lib/contract/api-key.ts";
import { type ApiKeyRow, getApiKey, listApiKeys } from "#lib/db/api-key-admin.ts";
import { insertApiKey } from "#lib/db/api-key-edits.ts";
import { insertSecret } from "#lib/db/api-key-secrets.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { ensureUser, getUserByEmail } from "#lib/db/users.ts";
import { newId } from "#lib/ids.ts";
import { type Actor, assertWithinReach, scopeOf } from "./actor.ts";
import { withDefaults } from "./api-key-defaults.ts";
import { assertMayCreate } from "./api-key-rules.ts";
import { readTeamCaps } from "./api-key-team.ts";
import { apiKeyInfoOf, keyValuesOf } from "./api-key-view.ts";
import { describeInput } from "./audit-fields.ts";
import { saveBudget } from "./budget-save.ts";
import { readBudgetFields } from "./budget-view.ts";
import { applyChange } from "./change.ts";
import { expiryOf } from "./expiry.ts";
import { requireFound } from "./found.ts";
import { mintToken } from "./mint.ts";

/** The keys that an actor may see. A secret is in none of them. */
export async function showApiKeys(
  actor: Actor,
  query: ApiKeyQuery,
): Promise<{ keys: ApiKeyInfo[]; total: number }> {
  const db = getDb("console");
  const { rows, total } = await listApiKeys(db, {
    scope: scopeOf(actor, "key.read"),
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

/** One key. Throws 404 for one that the actor may not see, as for one that is not there. */
export async function showApiKey(actor: Actor, id: string): Promise<ApiKeyInfo> {
  const db = getDb("console");
  const row = requireFound(await getApiKey(db, { id }), "key");
  assertWithinReach(actor, "key.read", { ...row, what: "key" });
  const budgetOf = await readBudgetFields(db, { subject: "key", subjectIds: [id] });
  return apiKeyInfoOf(row, budgetOf(id));
}

/**
 * Makes a key for an address; where the actor reaches all, an unknown one becomes a member. The
 * secret is answered once.
 */
export async function createApiKey(actor: Actor, given: ApiKeyCreate): Promise<ApiKeyCreated> {
  const expiresAt = expiryOf(given);
  const input = withDefaults(actor, given);
  return await applyChange(actor, async (tx) => {
    const caps = await readTeamCaps(tx, input.team_id);
    const owner = await getUserByEmail(tx, { email: input.user_email });
    await assertMayCreate(tx, actor, { input, owner, ...caps });
    const { user, isNew } = await ensureUser(tx, { id: newId(), email: input.user_email });
    const id = newId();
    const createdAt = new Date();
    await insertApiKey(tx, { id, userId: user.id, createdAt, ...keyValuesOf(input), expiresAt });
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
