import { ConduitError, type ErrorCode } from "#lib/errors.ts";

type RefusalCode = Extract<
  ErrorCode,
  "unsupported_parameter" | "unsupported_value" | "unsupported_content"
>;

/** The report goes into a header, which names of the caller's own making must not fill or break. */
const MAX_REPORTED = 64;
const MAX_REPORTED_LENGTH = 64;

/**
 * Keeps account of what one request loses or has done for it on the way to a provider. Its fields
 * fall in three classes: hints are left out and reported, emulated fields are reported, and fields of
 * the contract class, without which the answer would be another one, stop the request by name,
 * unless the deployment allows dropping them.
 */
export class Adjustments {
  readonly #names = new Set<string>();
  readonly #allowDropping: boolean;

  constructor(deployment: { allowDroppingUnsupportedFields: boolean }) {
    this.#allowDropping = deployment.allowDroppingUnsupportedFields;
  }

  /** The names so far, in the order in which they were reported. */
  list(): string[] {
    return [...this.#names];
  }

  /** A hint was left out, or a field was emulated by other means. */
  report(field: string): void {
    if (this.#names.size < MAX_REPORTED) {
      this.#names.add(reportable(field));
    }
  }

  /**
   * A field of the contract class cannot be served. Throws a 400 that names the field; returns when
   * the deployment allows dropping, and the caller then leaves the field out.
   */
  refuse(field: string, message: string, code: RefusalCode = "unsupported_parameter"): void {
    if (!this.#allowDropping) {
      throw new ConduitError(code, { message, param: field });
    }
    this.report(field);
  }
}

/** A name that a caller made up, fit for a header and a log: short, and of harmless characters. */
function reportable(name: string): string {
  if (/^[\w.[\]-]*$/.test(name)) {
    return name.slice(0, MAX_REPORTED_LENGTH);
  }
  const start = name.slice(0, MAX_REPORTED_LENGTH).toWellFormed();
  // The cut leaves no half of an escape behind.
  return encodeURIComponent(start).slice(0, MAX_REPORTED_LENGTH).replace(/%.?$/, "");
}

/** Whether a caller gave a value at all: `null` means "use the default", as in OpenAI's clients. */
export function isGiven<Value>(value: Value): value is NonNullable<Value> {
  return value !== undefined && value !== null;
}
