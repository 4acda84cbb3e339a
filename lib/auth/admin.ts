import { isWellFormedToken, safeEqual, tokenDigest } from "#lib/crypto.ts";
import { getAdminTokenByDigest, touchAdminToken } from "#lib/db/api-keys.ts";
import { getDb } from "#lib/db/client.ts";
import { ConduitError } from "#lib/errors.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";
import { type TokenHeaders, tokenOf } from "./bearer.ts";
import { getSecrets } from "./bootstrap.ts";
import type { Principal } from "./principal.ts";
import { makeTokenBucket } from "./token-bucket.ts";

const LOOKUPS_PER_SECOND = 200;

/**
 * Who uses the admin API, by the admin key or a `cnd_ad_` token. The admin key may be any string,
 * so it is compared before any format is looked at. Throws `invalid_api_key`, `api_key_revoked` or
 * `api_key_expired` (401).
 */
export async function authenticateAdmin(call: TokenHeaders): Promise<Principal> {
  const token = tokenOf(call);
  if (token === undefined) {
    throw new ConduitError("invalid_api_key", {
      message: "No admin key was given. Send it as the header `Authorization: Bearer …`.",
    });
  }
  if (safeEqual(token, getSecrets().adminKey.reveal())) {
    return { kind: "admin_key" };
  }
  if (!isWellFormedToken(token, "ad")) {
    throw invalidToken();
  }
  return authenticateToken(token);
}

async function authenticateToken(token: string): Promise<Principal> {
  const bucket = singleton("auth.admin-lookups", () => makeTokenBucket(LOOKUPS_PER_SECOND));
  if (!bucket.take(Date.now())) {
    throw new ConduitError("server_overloaded", {
      message: "Too many admin tokens are being tried. Try again in a second.",
      retryAfterMs: 1_000,
    });
  }
  const digests = [...getSecrets().peppers.values()].map((pepper) => tokenDigest(pepper, token));
  const row = await getAdminTokenByDigest(getDb("console"), digests);
  if (row === undefined) {
    throw invalidToken();
  }
  if (row.revokedAt !== null) {
    throw new ConduitError("api_key_revoked", { message: "This admin token was revoked." });
  }
  if (row.expiresAt !== null && row.expiresAt.getTime() <= Date.now()) {
    throw new ConduitError("api_key_expired", { message: "This admin token has expired." });
  }
  touchAdminToken(getDb("console"), row.id).catch((error: unknown) =>
    getLog().warn({ err: error }, "The last use of an admin token could not be written."),
  );
  return { kind: "admin_token", id: row.id, name: row.name, scopes: row.scopes };
}

function invalidToken(): ConduitError {
  return new ConduitError("invalid_api_key", {
    message: "The admin key is not valid. Virtual keys (cnd_sk_…) cannot be used here.",
  });
}
