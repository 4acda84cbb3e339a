import { isGiven } from "#lib/providers/codec/adjust.ts";
import { CONTRACT_FIELDS } from "#lib/providers/codec/field-classes.ts";
import type { Encoding } from "./encode-chat.ts";

/** Values that ask for nothing, for the refusable fields that `CONTRACT_FIELDS` does not list. */
const HARMLESS: Readonly<Record<string, (value: unknown) => boolean>> = {
  ...CONTRACT_FIELDS,
  tools: (value) => Array.isArray(value) && value.length === 0,
  tool_choice: (value) => value === "none" || value === "auto",
};

/** Applies the row's lists to the top-level fields. */
export function settleFields(encoding: Encoding): void {
  const { quirks } = encoding;
  for (const [name, known] of Object.entries(quirks.rename ?? {})) {
    rename(encoding, name, known);
  }
  for (const name of quirks.drop ?? []) {
    leaveOut(encoding, name);
  }
  for (const [name, values] of Object.entries(quirks.hintValues ?? {})) {
    const value = encoding.body[name];
    if (isGiven(value) && !values.includes(String(value))) {
      leaveOut(encoding, name);
    }
  }
  for (const name of quirks.refuse ?? []) {
    refuseField(encoding, name);
  }
  refuseChoices(encoding);
}

/** Sends a field under the provider's name for it. Two different values for one are refused. */
export function rename(encoding: Encoding, name: string, known: string): void {
  const { body, adjust } = encoding;
  const value = body[name];
  if (!isGiven(value)) {
    return;
  }
  if (isGiven(body[known]) && body[known] !== value) {
    adjust.refuse(name, `'${name}' and '${known}' mean the same and have different values.`);
  } else {
    body[known] = value;
  }
  adjust.report(name);
  delete body[name];
}

/** Leaves a field out and reports it when it had a value. */
export function leaveOut({ body, adjust }: Encoding, name: string): void {
  if (!(name in body)) {
    return;
  }
  if (isGiven(body[name])) {
    adjust.report(name);
  }
  delete body[name];
}

/** Refuses a field of the contract class, or leaves it out when its value asks for nothing. */
export function refuseField(encoding: Encoding, name: string, why?: string): void {
  const { body, adjust, label } = encoding;
  const value = body[name];
  if (isGiven(value) && HARMLESS[name]?.(value) !== true) {
    adjust.refuse(name, why ?? `'${name}' is not supported by ${label}.`);
  }
  leaveOut(encoding, name);
}

function refuseChoices(encoding: Encoding): void {
  const { body, quirks, adjust, label } = encoding;
  const most = quirks.maxChoices;
  if (most === undefined || !isGiven(body.n)) {
    return;
  }
  if (body.n > most) {
    adjust.refuse("n", `${label} gives at most ${most} choice per request.`, "unsupported_value");
  }
  leaveOut(encoding, "n");
}
