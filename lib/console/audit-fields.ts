import { formatUsd } from "#lib/money.ts";

/** Fields that no audit event shows. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(["api_key", "secret"]);

/** A parsed body as the audit log keeps it: secrets masked, amounts and times as text. */
export function describeInput(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, describeValue(name, value)]),
  );
}

function describeValue(name: string, value: unknown): unknown {
  if (SECRET_FIELDS.has(name) && value !== null) {
    return "[secret]";
  }
  if (typeof value === "bigint") {
    return formatUsd(value);
  }
  return value instanceof Date ? value.toISOString() : value;
}

/** The fields of `info` that `input` is about to change: the other half of an audit event. */
export function fieldsBefore(
  info: Readonly<Record<string, unknown>>,
  input: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(info).filter(([name]) => Object.hasOwn(input, name)));
}
