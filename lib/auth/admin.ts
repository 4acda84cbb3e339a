import { sharedNow } from "#lib/clock.ts";
import { isWellFormedToken, safeEqual, tokenDigest } from "#lib/crypto.ts";
import { listTokenLine, type TokenInLine } from "#lib/db/admin-tokens.ts";
import { touchAdminToken } from "#lib/db/api-keys.ts";
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
  if (!bucket.take(sharedNow())) {
    throw new ConduitError("server_overloaded", {
      message: "Too many admin tokens are being tried. Try again in a second.",
      retryAfterMs: 1_000,
    });
  }
  const digests = [...getSecrets().peppers.values()].map((pepper) => tokenDigest(pepper, token));
  const line = await listTokenLine(getDb("console"), digests);
  const [row] = line;
  if (row === undefined) {
    throw invalidToken();
  }
  assertLives(line);
  touchAdminToken(getDb("console"), row.id).catch((error: unknown) =>
    getLog().warn({ err: error }, "The last use of an admin token could not be written."),
  );
  return { kind: "admin_token", id: row.id, name: row.name, scopes: scopesOf(line) };
}

/** A token ends with the one that made it: who took a token must not outlive it by its children. */
function assertLives(line: readonly TokenInLine[]): void {
  for (const [at, { revokedAt, expiresAt }] of line.entries()) {
    const which = at === 0 ? "This admin token" : "The admin token that this one comes from";
    if (revokedAt !== null) {
      throw new ConduitError("api_key_revoked", { message: `${which} was revoked.` });
    }
    if (expiresAt !== null && expiresAt.getTime() <= Date.now()) {
      throw new ConduitError("api_key_expired", { message: `${which} has expired.` });
    }
  }
}

/** What every token of the line may do: none can do more than what it comes from. */
function scopesOf([own, ...makers]: readonly TokenInLine[]): string[] {
  return (own?.scopes ?? []).filter((scope) =>
    makers.every(({ scopes }) => scopes.includes(scope)),
  );
}

function invalidToken(): ConduitError {
  return new ConduitError("invalid_api_key", {
    message: "The admin key is not valid. Virtual keys (cnd_sk_…) cannot be used here.",
  });
}
