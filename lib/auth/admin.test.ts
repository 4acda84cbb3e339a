import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { adminTokens } from "#drizzle/schema/admin-tokens.ts";
import { newToken, tokenDigest, tokenHint } from "#lib/crypto.ts";
import { getDb } from "#lib/db/client.ts";
import { newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { authenticateAdmin } from "./admin.ts";
import { getSecrets, loadSecrets } from "./bootstrap.ts";

const ADMIN_KEY = "any string will do, if it is long enough: 7c1f";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await loadSecrets({
    databaseUrl: database.databaseUrl,
    dataDir: database.dataDir,
    mode: "production",
    masterKeys: `v1:${randomBytes(32).toString("base64")}`,
    adminKey: ADMIN_KEY.replaceAll(" ", "-"),
    authSecret: randomBytes(32).toString("hex"),
  });
});
afterAll(() => database.close());

async function makeToken(more: Partial<typeof adminTokens.$inferInsert> = {}) {
  const token = newToken("ad");
  const { pepper, pepperVersion } = getSecrets();
  const row = {
    id: newId(),
    name: "deploy",
    digest: tokenDigest(pepper, token),
    pepperVersion,
    hint: tokenHint(token),
    scopes: ["key.read"],
    ...more,
  };
  await getDb().insert(adminTokens).values(row);
  return { token, id: row.id };
}

const call = (token: string) =>
  authenticateAdmin({ authorization: `Bearer ${token}`, apiKey: undefined });
const refusal = (code: string) => expect.objectContaining({ code });

test("the admin key may be any string, in either header", async () => {
  const key = getSecrets().adminKey.reveal();
  expect(await call(key)).toEqual({ kind: "admin_key" });
  const other = await authenticateAdmin({ authorization: undefined, apiKey: key });
  expect(other).toEqual({ kind: "admin_key" });
});

test("a token names its scopes, and its use is noted", async () => {
  const { token, id } = await makeToken();
  expect(await call(token)).toEqual({
    kind: "admin_token",
    id,
    name: "deploy",
    scopes: ["key.read"],
  });
  await vi.waitFor(async () => {
    const [row] = await getDb().select().from(adminTokens).where(eq(adminTokens.id, id));
    expect(row?.lastUsedAt).toBeInstanceOf(Date);
  });
});

test.each([
  ["revoked", { revokedAt: new Date() }, "api_key_revoked"],
  ["expired", { expiresAt: new Date(Date.now() - 1) }, "api_key_expired"],
])("a token that is %s is refused", async (_, more, code) => {
  const { token } = await makeToken(more);
  await expect(call(token)).rejects.toEqual(refusal(code));
});

test("anything else is refused: nothing, a guess, a virtual key, an unknown token", async () => {
  const key = getSecrets().adminKey.reveal();
  for (const token of ["", "admin", key.slice(0, -1), `${key}x`, newToken("sk"), newToken("ad")]) {
    await expect(call(token)).rejects.toEqual(refusal("invalid_api_key"));
  }
});
