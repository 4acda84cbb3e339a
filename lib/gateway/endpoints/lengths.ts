import { ConduitError } from "#lib/errors.ts";

/** Far more than any conversation, tool list or stop list has. */
const MAX_ITEMS = 20_000;
const MAX_PARTS = 50_000;

/**
 * Refuses lists of an absurd length before the schema looks at them: it describes every wrong
 * element, and millions of descriptions stop the process for everybody. Throws `invalid_value`
 * naming the list.
 */
export function assertLengths(body: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(body)) {
    if (Array.isArray(value) && value.length > MAX_ITEMS) {
      throw tooLong(name, MAX_ITEMS);
    }
  }
  const messages = body["messages"];
  if (!Array.isArray(messages)) {
    return;
  }
  let parts = 0;
  for (const message of messages) {
    parts += lengthOf(message, "content") + lengthOf(message, "tool_calls");
  }
  if (parts > MAX_PARTS) {
    throw tooLong("messages", MAX_PARTS);
  }
}

function lengthOf(message: unknown, field: string): number {
  if (typeof message !== "object" || message === null || !(field in message)) {
    return 0;
  }
  // The line above has established that the field is there.
  const value = (message as Record<string, unknown>)[field];
  return Array.isArray(value) ? value.length : 0;
}

function tooLong(name: string, most: number): ConduitError {
  return new ConduitError("invalid_value", {
    message: `'${name}' holds more than ${most} items.`,
    param: name,
  });
}
