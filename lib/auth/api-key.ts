import { sharedNow } from "#lib/clock.ts";
import type { Caller } from "#lib/contract/caller.ts";
import { isWellFormedToken } from "#lib/crypto.ts";
import { ConduitError } from "#lib/errors.ts";
import { type TokenHeaders, tokenOf } from "./bearer.ts";
import { dropAllKeys, dropKey } from "./key-memory.ts";
import { type KeyRecord, refusalNow } from "./key-record.ts";
import { findKey } from "./key-store.ts";
import { recordUse } from "./last-used.ts";

export interface KeyCall extends TokenHeaders {
  /** The caller's address, behind trusted proxies already resolved; null when it is not known. */
  ip: string | null;
}

const TOKEN_CHARACTERS = "cnd_sk_".length + 49;
/** What opens the gateway: the secret of a virtual key, and a playground's grant. */
const KINDS = ["sk", "pg"] as const;

/** Whose key it is, and why it may not be used now; `refusal` is null for one that may. */
export interface IdentifiedKey {
  caller: Caller;
  refusal: ConduitError | null;
}

/**
 * Whose virtual key stands in `authorization: Bearer` or `x-api-key`. Throws `invalid_api_key` (401)
 * for one that nobody has, and 503 when an unknown key cannot be looked up. A key that is known but
 * revoked, expired or called from elsewhere comes with its refusal, so that the refused request can
 * still be logged as its owner's.
 *
 * Length, format and checksum come first, so a token that we cannot have made causes no input or
 * output (and never reaches SQL). Unknown and revoked keys take the same path.
 */
export async function identifyKey(call: KeyCall): Promise<IdentifiedKey> {
  const nowMs = sharedNow();
  const token = requireToken(call);
  const found = findKey(token, nowMs);
  // Most keys are in memory; awaiting them would cost a turn of the event loop each time.
  const known = requireRecord(found instanceof Promise ? await found : found);
  const refusal = refusalNow(known, nowMs, call.ip);
  if (refusal === null) {
    recordUse(known.caller.keyId, nowMs);
  }
  return { caller: known.caller, refusal };
}

/**
 * Who calls. Throws like `identifyKey`, and `api_key_revoked`, `api_key_expired` (401) or
 * `ip_not_allowed` (403) for a key that may not be used.
 */
export async function authenticateKey(call: KeyCall): Promise<Caller> {
  const { caller, refusal } = await identifyKey(call);
  if (refusal !== null) {
    throw refusal;
  }
  return caller;
}

/** Makes the next use of a key read it anew: call it when the key was changed. */
export function forgetKey(keyId: string): void {
  dropKey(keyId);
}

/** The same for every key: call it when something changed that many keys share. */
export function forgetAllKeys(): void {
  dropAllKeys();
}

function requireToken(call: KeyCall): string {
  const token = tokenOf(call);
  if (token === undefined) {
    throw new ConduitError("invalid_api_key", {
      message: "No API key was given. Send it as the header `Authorization: Bearer cnd_sk_…`.",
    });
  }
  if (token.length !== TOKEN_CHARACTERS || !KINDS.some((kind) => isWellFormedToken(token, kind))) {
    throw invalidKey();
  }
  return token;
}

function requireRecord(record: KeyRecord | null): KeyRecord {
  if (record === null) {
    throw invalidKey();
  }
  return record;
}

function invalidKey(): ConduitError {
  return new ConduitError("invalid_api_key", {
    message: "The API key is not valid. Keys of this gateway begin with cnd_sk_.",
  });
}
