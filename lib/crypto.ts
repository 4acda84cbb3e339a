import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { crc32 } from "node:zlib";
import { randomAlphanumeric } from "./ids.ts";

const REDACTED = "[secret]";
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** A value that prints as `[secret]` wherever it ends up: logs, JSON, inspection, templates. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The value itself. Call it where the secret is used, and keep the result in no variable. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return REDACTED;
  }
  toJSON(): string {
    return REDACTED;
  }
  [INSPECT](): string {
    return REDACTED;
  }
}

const RANDOM_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const KEY_PATTERN = /^cnd_(sk|ad|pg|wh)_[0-9A-Za-z]{49}$/;
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** What a token is for: a virtual key, an admin token, a playground grant, a webhook secret. */
export type TokenKind = "sk" | "ad" | "pg" | "wh";

function checksum(body: string): string {
  let rest = crc32(body);
  let text = "";
  for (let place = 0; place < CHECKSUM_LENGTH; place += 1) {
    text = (BASE62[rest % 62] ?? "0") + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/**
 * A new token: `cnd_sk_`, 43 random letters and digits (256 bits), and six base-62 digits of the
 * CRC-32 of everything before them, so that secret scanners and we can reject a typo unread.
 */
export function newToken(kind: TokenKind): string {
  const body = `cnd_${kind}_${randomAlphanumeric(RANDOM_LENGTH)}`;
  return body + checksum(body);
}

/** Whether a token is well formed and its checksum right; no input or output happens. */
export function isWellFormedToken(token: string, kind: TokenKind): boolean {
  const match = KEY_PATTERN.exec(token);
  if (match?.[1] !== kind) {
    return false;
  }
  const body = token.slice(0, -CHECKSUM_LENGTH);
  return checksum(body) === token.slice(-CHECKSUM_LENGTH);
}

/** What may be shown of a token afterwards: its kind, three characters, and the last four. */
export function tokenHint(token: string): string {
  return `${token.slice(0, 10)}…${token.slice(-4)}`;
}

/** Derives a 32-byte key for one purpose from a master key (HKDF, RFC 5869). */
export function deriveKey(masterKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", masterKey, "conduit", purpose, 32));
}

/** HMAC-SHA-256 of a token under a pepper: a reader of the database can neither use nor mint one. */
export function tokenDigest(pepper: Buffer, token: string): Buffer {
  return createHmac("sha256", pepper).update(token).digest();
}

/** Compares two strings through digests, in time that tells nothing of either. */
export function safeEqual(left: string, right: string): boolean {
  const key = COMPARE_KEY;
  return timingSafeEqual(tokenDigest(key, left), tokenDigest(key, right));
}
const COMPARE_KEY = randomBytes(32);

/** Master keys by version; `current` seals, all open. */
export interface MasterKeys {
  current: string;
  keys: ReadonlyMap<string, Buffer>;
}

/** A sealed secret: a one-use data key wrapped by a master key, both AES-256-GCM. */
export interface Sealed {
  version: string;
  wrappedKey: Buffer;
  box: Buffer;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function encrypt(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer, context: string): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

/**
 * Seals `plain` under the current master key. `context` is authenticated with it: a row moved to
 * another id, origin or column no longer opens.
 */
export function seal(masterKeys: MasterKeys, plain: string, context: string): Sealed {
  const master = requireMasterKey(masterKeys, masterKeys.current);
  const dataKey = randomBytes(32);
  return {
    version: masterKeys.current,
    wrappedKey: encrypt(deriveKey(master, "wrap"), dataKey, context),
    box: encrypt(dataKey, Buffer.from(plain), context),
  };
}

/** Opens a sealed secret; throws when the key, the context or a byte is not the one it was sealed with. */
export function unseal(masterKeys: MasterKeys, sealed: Sealed, context: string): Secret {
  const master = requireMasterKey(masterKeys, sealed.version);
  const dataKey = decrypt(deriveKey(master, "wrap"), sealed.wrappedKey, context);
  return new Secret(decrypt(dataKey, sealed.box, context).toString("utf8"));
}

function requireMasterKey(masterKeys: MasterKeys, version: string): Buffer {
  const key = masterKeys.keys.get(version);
  if (key === undefined) {
    throw new Error(`No master key of version ${version} is configured.`);
  }
  return key;
}
