import { randomBytes } from "node:crypto";
import { safeEqual, tokenDigest } from "#lib/crypto.ts";
import { getDb } from "#lib/db/client.ts";
import { ensureSetting, getSetting } from "#lib/db/settings.ts";
import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { authKey } from "./session.ts";
import { admitTry } from "./throttle.ts";

/** The setting that says when the first run was finished: an ISO 8601 instant. */
export const SETUP_COMPLETED = "setup_completed_at";
const NONCE = "setup_nonce";

/** Whether somebody has finished the setup. Until then every page leads there. */
export async function isSetupComplete(): Promise<boolean> {
  const value = await getSetting(getDb("console"), { key: SETUP_COMPLETED });
  return value !== undefined && value !== null;
}

/**
 * The token that the setup asks for: `CONDUIT_SETUP_TOKEN`, else one that follows from the auth
 * secret and a number stored once, so that restarts and replicas print the same. `undefined` when
 * the setup is over.
 */
export async function setupToken(): Promise<string | undefined> {
  if (await isSetupComplete()) {
    return undefined;
  }
  const given = getEnv().setupToken;
  if (given !== undefined) {
    return given;
  }
  const nonce = await ensureSetting(getDb("console"), {
    key: NONCE,
    value: randomBytes(16).toString("hex"),
  });
  return tokenDigest(authKey("setup-token"), String(nonce)).toString("base64url");
}

/**
 * Throws `not_found` (404) once the setup is over, and `invalid_value` (400) naming `setup_token`
 * for a wrong token and for too many of them. Each network has tries of its own, so that strangers
 * who guess do not keep the owner out.
 */
export async function assertSetupToken(token: string, ip: string | null): Promise<void> {
  const expected = await setupToken();
  if (expected === undefined) {
    throw new ConduitError("not_found", { message: "The setup is finished." });
  }
  const admission = await admitTry({ setupFrom: ip });
  if (!admission.admitted) {
    const minutes = Math.ceil(admission.waitMs / 60_000);
    throw new ConduitError("invalid_value", {
      message: `Too many wrong setup tokens. Try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`,
      param: "setup_token",
    });
  }
  if (!safeEqual(token.trim(), expected)) {
    throw new ConduitError("invalid_value", {
      message: "This is not the setup token of this install. It is printed in the server's log.",
      param: "setup_token",
    });
  }
  await admission.succeed();
}
