import { createHash } from "node:crypto";
import { randomAlphanumeric } from "#lib/ids.ts";

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** What a provider accepts as the id of a tool call. */
export interface ToolIdRule {
  valid: RegExp;
  /** Length of the ids that are made instead, letters and digits alone. */
  length: number;
}

/**
 * The id to send for a tool call that the client knows as `id`: the same one when the provider takes
 * it, else letters and digits derived from it. The same id always gives the same result, so a call
 * and its result agree and a conversation may move between providers.
 */
export function toolIdFor(id: string, rule: ToolIdRule): string {
  return rule.valid.test(id) ? id : hashedId(id, rule.length);
}

function hashedId(id: string, length: number): string {
  const digest = createHash("sha512").update(id).digest();
  let text = "";
  for (let at = 0; at < length; at += 1) {
    text += ALPHANUMERIC[(digest[at % digest.length] ?? 0) % ALPHANUMERIC.length];
  }
  return text;
}

/** An id in OpenAI's form for a call to which the provider gave none. */
export function newToolId(): string {
  return `call_${randomAlphanumeric(24)}`;
}
