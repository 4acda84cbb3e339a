/**
 * UUID version 7 (RFC 9562, 5.7): 48 bits of milliseconds, then random bits. Ids sort by time, and
 * the millisecond in a request's id is the `created_at` of its log row, so that a replayed row has
 * the same key as the one that was already written.
 */
const POOL_IDS = 128;
const RANDOM_BYTES = 10;
const pool = new Uint8Array(POOL_IDS * RANDOM_BYTES);
let poolOffset = pool.length;

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

function hex(byte: number | undefined): string {
  return HEX[byte ?? 0] ?? "00";
}

/** A new UUIDv7 for `nowMs` (milliseconds since the epoch; the present when left out). */
export function newId(nowMs: number = Date.now()): string {
  if (poolOffset >= pool.length) {
    crypto.getRandomValues(pool);
    poolOffset = 0;
  }
  const at = poolOffset;
  poolOffset += RANDOM_BYTES;
  const time = nowMs.toString(16).padStart(12, "0");
  const version = hex(0x70 | ((pool[at] ?? 0) & 0x0f)) + hex(pool[at + 1]);
  const variant = hex(0x80 | ((pool[at + 2] ?? 0) & 0x3f)) + hex(pool[at + 3]);
  const tail =
    hex(pool[at + 4]) +
    hex(pool[at + 5]) +
    hex(pool[at + 6]) +
    hex(pool[at + 7]) +
    hex(pool[at + 8]) +
    hex(pool[at + 9]);
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${tail}`;
}

/** The milliseconds since the epoch inside a UUIDv7. */
export function idTimeMs(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a string is written as a UUID; asked before a path segment reaches a uuid column. */
export function isUuid(text: string): boolean {
  return UUID_PATTERN.test(text);
}

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** `length` random letters and digits; rejection sampling keeps them uniform. */
export function randomAlphanumeric(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      if (byte < 248 && text.length < length) {
        text += ALPHANUMERIC[byte % 62];
      }
    }
  }
  return text;
}
