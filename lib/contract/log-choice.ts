/**
 * Which requests a page is about, as its address says it: one parameter a property, several values
 * with commas between them, and `!` before a value that is left out. Logs, usage and the overview
 * read the same parameters, so that a link from one to another keeps its meaning.
 */
export interface Choice {
  include: readonly string[];
  exclude: readonly string[];
}

/** A value inside a list: commas, percent signs and a leading `!` are written as in a URL. */
function escapeValue(value: string): string {
  return value.replaceAll("%", "%25").replaceAll(",", "%2C").replace(/^!/, "%21");
}

/** A value as it was before it was put into a list. */
export function unescapeValue(text: string): string {
  return text.replace(/^%21/, "!").replaceAll(/%2C/gi, ",").replaceAll("%25", "%");
}

/** A choice as it stands in an address; `null` for none. */
export function writeChoice(choice: Choice | undefined): string | null {
  const parts = [
    ...(choice?.include ?? []).map(escapeValue),
    ...(choice?.exclude ?? []).map((value) => `!${escapeValue(value)}`),
  ];
  return parts.length === 0 ? null : parts.join(",");
}
