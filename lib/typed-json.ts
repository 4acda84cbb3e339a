/**
 * JSON that keeps what JSON cannot: `bigint`, `Date`, bytes, maps and sets. Such a value becomes an
 * object with the key `$`, its kind, and the key `v`; a plain object that has a key `$` of its own
 * becomes one as well, so that nothing a user wrote can be taken for one. Throws a `RangeError` for
 * what is nested deeper than the stack.
 */
export function stringifyTyped(value: unknown): string {
  return JSON.stringify(pack(value));
}

/** The value of `stringifyTyped`. Throws for text that it did not make. */
export function parseTyped(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => unpack(value));
}

interface Tagged {
  $: string;
  v: unknown;
}

const packList = (list: Iterable<unknown>): unknown[] => Array.from(list, pack);

/** The kinds, by what tells a value of each; the first match counts. */
const PACKERS: readonly ((value: object) => Tagged | undefined)[] = [
  (value) => (value instanceof Date ? { $: "date", v: value.getTime() } : undefined),
  (value) =>
    value instanceof Uint8Array
      ? { $: "bytes", v: Buffer.from(value).toString("base64") }
      : undefined,
  (value) => (value instanceof Map ? { $: "map", v: packList(value) } : undefined),
  (value) => (value instanceof Set ? { $: "set", v: packList(value) } : undefined),
  (value) => ("$" in value ? { $: "object", v: packList(Object.entries(value)) } : undefined),
];

function pack(value: unknown): unknown {
  if (typeof value === "bigint") {
    return { $: "bigint", v: String(value) };
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return packList(value);
  }
  for (const packer of PACKERS) {
    const tagged = packer(value);
    if (tagged !== undefined) {
      return tagged;
    }
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item)]));
}

const UNPACKERS: Readonly<Record<string, (v: never) => unknown>> = {
  bigint: (v: string) => BigInt(v),
  date: (v: number) => new Date(v),
  bytes: (v: string) => Buffer.from(v, "base64"),
  map: (v: [unknown, unknown][]) => new Map(v),
  set: (v: unknown[]) => new Set(v),
  object: (v: [string, unknown][]) => Object.fromEntries(v),
};

function unpack(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("$" in value)) {
    return value;
  }
  const { $: kind, v } = value as Tagged;
  const unpacker = UNPACKERS[kind];
  if (unpacker === undefined) {
    throw new Error(`There is no kind of value ${kind}.`);
  }
  // The packer of the same kind made `v`.
  return unpacker(v as never);
}
