import type { Span } from "../spans.ts";
import { wordsBefore } from "./context.ts";
import { findGroups, type Group, isPartOfLonger, parseShape, type Shape } from "./groups.ts";

/** A sequence of groups that has the shape of a number. */
export interface Candidate {
  text: string;
  start: number;
  end: number;
  /** Its letters and digits without the separators, in upper case. */
  chars: string;
  /** The words before it, in lower case. */
  before(): string;
}

/** A kind of number that is told by its shape and by what `holds` checks. */
export interface NumberForm {
  kind: string;
  /**
   * Groups with their separators, as `d3-d2-d4`: three digits, hyphen, two, hyphen, four. Letters
   * are `l`.
   */
  shapes: readonly string[];
  holds(candidate: Candidate): boolean;
}

/** What may follow on a beginning of a number, by separator and shape, and what it may be as it is. */
export interface NumberTable {
  next: Map<number, NumberTable>;
  forms: NumberForm[];
}

const PART = /(^|[^\dld])((?:[dl]\d+)+)/g;
const NO_SEPARATOR = 0;

function stepOf(separator: number, shape: Shape): number {
  return shape * 128 + separator;
}

/** Builds the table once for a rule. */
export function makeNumberTable(forms: readonly NumberForm[]): NumberTable {
  const root: NumberTable = { next: new Map(), forms: [] };
  for (const form of forms) {
    for (const written of form.shapes) {
      let table = root;
      for (const { 1: separator = "", 2: shape = "" } of written.matchAll(PART)) {
        const step = stepOf(separator.charCodeAt(0) || NO_SEPARATOR, parseShape(shape));
        const next = table.next.get(step) ?? { next: new Map(), forms: [] };
        table.next.set(step, next);
        table = next;
      }
      table.forms.push(form);
    }
  }
  return root;
}

/**
 * Finds every number of the table's forms, in time linear in the text: a search starts at each
 * group once and is as long as the longest form.
 */
export function findNumbers(text: string, table: NumberTable): Span[] {
  const groups = findGroups(text);
  const spans: Span[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    const found = longestFrom({ text, groups, first, table });
    if (found !== undefined) {
      spans.push(found.span);
      first = found.last;
    }
  }
  return spans;
}

interface Search {
  text: string;
  groups: readonly Group[];
  first: number;
  table: NumberTable;
}

function longestFrom({ text, groups, first, table }: Search) {
  let found: { span: Span; last: number } | undefined;
  let place: NumberTable | undefined = table;
  let separator = NO_SEPARATOR;
  const start = groups[first]?.start ?? 0;
  for (let last = first; last < groups.length; last += 1) {
    const { end, shape } = groups[last] as Group;
    place = place.next.get(stepOf(separator, shape));
    if (place === undefined) {
      break;
    }
    const span = place.forms.length > 0 ? matchOf(text, { start, end }, place.forms) : undefined;
    found = span === undefined ? found : { span, last };
    if (groups[last + 1]?.start !== end + 1) {
      break;
    }
    separator = text.charCodeAt(end);
  }
  return found;
}

function matchOf(
  text: string,
  { start, end }: { start: number; end: number },
  forms: readonly NumberForm[],
): Span | undefined {
  if (isPartOfLonger(text, start, end)) {
    return undefined;
  }
  const candidate: Candidate = {
    text,
    start,
    end,
    chars: charsOf(text.slice(start, end)),
    before: () => wordsBefore(text, start),
  };
  const form = forms.find((one) => one.holds(candidate));
  return form && { start, end, kind: form.kind };
}

const SEPARATORS = /[^0-9A-Za-z]/g;

function charsOf(text: string): string {
  return text.replace(SEPARATORS, "").toUpperCase();
}
