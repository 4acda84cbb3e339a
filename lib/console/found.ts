import { ConduitError } from "#lib/errors.ts";

/** The row that a path names. Throws `not_found` (404) when there is none. */
export function requireFound<Row>(row: Row | undefined, what: string): Row {
  if (row === undefined) {
    throw new ConduitError("not_found", { message: `There is no such ${what}.` });
  }
  return row;
}

/** The row that a field of the body names. Throws `invalid_value` (400) naming the field. */
export function requireNamed<Row>(
  row: Row | undefined,
  { param, what }: { param: string; what: string },
): Row {
  if (row === undefined) {
    throw new ConduitError("invalid_value", {
      message: `'${param}' names ${/^[aeiou]/.test(what) ? "an" : "a"} ${what} that does not exist.`,
      param,
    });
  }
  return row;
}

/** Throws 400 for a change that changes nothing: a misspelt field would have been refused by name. */
export function assertSomeField(input: Readonly<Record<string, unknown>>): void {
  if (Object.values(input).every((value) => value === undefined)) {
    throw new ConduitError("missing_required_parameter", {
      message: "The body has to hold at least one field to change.",
    });
  }
}
