/** What an event changed, as the list of the audit log says it in one line. */
export interface AuditFields {
  before: Readonly<Record<string, unknown>> | null;
  after: Readonly<Record<string, unknown>> | null;
}

export interface FieldChange {
  field: string;
  /** `undefined` where the field was not there. */
  from: unknown;
  to: unknown;
}

/** The fields of an event that differ between before and after, in the order of `after`. */
export function changedFields({ before, after }: AuditFields): FieldChange[] {
  const names = new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})]);
  return [...names]
    .map((field) => ({ field, from: before?.[field], to: after?.[field] }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}

const SHOWN_FIELDS = 3;
const SHOWN_CHARACTERS = 48;

/** `budget_limit_usd 50 → 80, alias old → new`, and how many fields more there are. */
export function summarizeChange(fields: AuditFields): string {
  const changes = changedFields(fields);
  const shown = changes.slice(0, SHOWN_FIELDS).map(oneChange);
  const rest = changes.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

function oneChange({ field, from, to }: FieldChange): string {
  if (from === undefined) {
    return `${field} ${inWords(to)}`;
  }
  return to === undefined
    ? `${field} was ${inWords(from)}`
    : `${field} ${inWords(from)} → ${inWords(to)}`;
}

/** A value in a few words: nothing is "none", and what is long is cut. */
function inWords(value: unknown): string {
  if (value === null || value === undefined || value === "") {
    return "none";
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}
