import type {
  AdminTokenCreate,
  AdminTokenCreated,
  AdminTokenInfo,
  AdminTokenQuery,
} from "#lib/contract/admin-token.ts";
import { instantOf } from "#lib/contract/instants.ts";
import {
  type AdminTokenRow,
  getAdminToken,
  insertAdminToken,
  listAdminTokens,
  revokeAdminToken,
} from "#lib/db/admin-tokens.ts";
import { getDb } from "#lib/db/client.ts";
import { newId } from "#lib/ids.ts";
import type { Actor } from "./actor.ts";
import { describeInput } from "./audit-fields.ts";
import { applyChange } from "./change.ts";
import { expiryOf } from "./expiry.ts";
import { requireFound } from "./found.ts";
import { mintToken } from "./mint.ts";
import { assertAllowed } from "./permission.ts";

export async function showAdminTokens(
  query: AdminTokenQuery,
): Promise<{ tokens: AdminTokenInfo[]; total: number }> {
  const { rows, total } = await listAdminTokens(getDb("console"), query);
  return { tokens: rows.map(infoOf), total };
}

function infoOf(row: AdminTokenRow): AdminTokenInfo {
  return {
    id: row.id,
    name: row.name,
    token_prefix: row.hint,
    scopes: row.scopes,
    expires_at: instantOf(row.expiresAt),
    last_used_at: instantOf(row.lastUsedAt),
    created_at: instantOf(row.createdAt),
  };
}

/** Makes a token. One that is made by a token cannot do more than its maker, and ends with it. */
export async function createAdminToken(
  actor: Actor,
  input: AdminTokenCreate,
): Promise<AdminTokenCreated> {
  for (const scope of input.scopes) {
    assertAllowed(actor.principal, scope);
  }
  const { token, ...secret } = mintToken("ad");
  const row: AdminTokenRow = {
    id: newId(),
    name: input.name,
    hint: secret.hint,
    scopes: [...new Set(input.scopes)],
    expiresAt: expiryOf(input) ?? null,
    lastUsedAt: null,
    createdAt: new Date(),
  };
  return await applyChange(actor, async (tx) => {
    const madeBy = actor.principal.kind === "admin_token" ? actor.principal.id : null;
    await insertAdminToken(tx, { ...row, ...secret, madeBy });
    return {
      result: { ...infoOf(row), token },
      kind: "admin_token",
      subjectId: row.id,
      action: "admin_token.create",
      after: { ...describeInput(input), token_prefix: row.hint },
    };
  });
}

/** Ends a token, and with it those that it made. */
export async function endAdminToken(actor: Actor, id: string): Promise<void> {
  await applyChange(actor, async (tx) => {
    const row = requireFound(await getAdminToken(tx, { id }), "admin token");
    const { heirs } = await revokeAdminToken(tx, { id, at: new Date() });
    return {
      result: undefined,
      kind: "admin_token",
      subjectId: id,
      action: "admin_token.revoke",
      before: { name: row.name, scopes: row.scopes },
      ...(heirs === 0 ? {} : { after: { tokens_ended_with_it: heirs } }),
    };
  });
}
