import type { PromptMessage } from "./managed-prompt.ts";

/**
 * Templates of managed prompts: text with `{{variable}}` in it and nothing else. There are no
 * conditions, loops or filters, so that a template can be read at a glance and a value can never
 * become a part of it.
 *
 * `\{{` stands for the braces themselves, and `\\{{` for a backslash before a variable. Closing
 * braces and backslashes anywhere else are text.
 */
export type TemplatePart = { kind: "text"; text: string } | { kind: "variable"; name: string };

/** What is wrong in a template, and where: line and column count from 1. */
export interface TemplateProblem {
  message: string;
  line: number;
  column: number;
}

export interface ParsedTemplate {
  /** With problems, what could not be read stands here as text. */
  parts: readonly TemplatePart[];
  problems: readonly TemplateProblem[];
}

/** Whoever has this many mistakes does not look for the next one yet. */
const MAX_PROBLEMS = 20;
const MAX_NAME = 64;

/** `__proto__` is no field of an object like others, and parsers of JSON treat it in their own ways. */
export const VARIABLE_NAME = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const TAG = /\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}/y;

/** Reads a template once, from its beginning to its end; the time is linear in its length. */
export function parseTemplate(template: string): ParsedTemplate {
  const parts: TemplatePart[] = [];
  const problems: TemplateProblem[] = [];
  let text = "";
  let done = 0;
  for (let open = template.indexOf("{{"); open !== -1; open = template.indexOf("{{", done)) {
    const slashes = countSlashes(template, { from: done, to: open });
    text += template.slice(done, open - slashes) + "\\".repeat(Math.floor(slashes / 2));
    const name = slashes % 2 === 1 ? undefined : variableAt(template, open);
    if (name !== undefined) {
      parts.push(...textPart(text), { kind: "variable", name });
      text = "";
      done = TAG.lastIndex;
      continue;
    }
    if (slashes % 2 === 0 && problems.length < MAX_PROBLEMS) {
      problems.push(problemAt(template, open));
    }
    text += "{{";
    done = open + 2;
  }
  parts.push(...textPart(text + template.slice(done)));
  return { parts, problems };
}

function textPart(text: string): TemplatePart[] {
  return text === "" ? [] : [{ kind: "text", text }];
}

function countSlashes(template: string, { from, to }: { from: number; to: number }): number {
  let at = to;
  while (at > from && template[at - 1] === "\\") {
    at -= 1;
  }
  return to - at;
}

/** The name in the tag that begins here; `TAG.lastIndex` is then its end. */
function variableAt(template: string, open: number): string | undefined {
  TAG.lastIndex = open;
  const name = TAG.exec(template)?.[1];
  return name !== undefined && VARIABLE_NAME.test(name) ? name : undefined;
}

const SHOWN = 24;

function problemAt(template: string, open: number): TemplateProblem {
  const before = template.slice(0, open);
  const place = {
    line: before.split("\n").length,
    column: open - before.lastIndexOf("\n"),
  };
  const close = template.indexOf("}}", open + 2);
  if (close === -1) {
    const message = "'{{' is not closed by '}}'. Write \\{{ for the braces themselves.";
    return { message, ...place };
  }
  const inside = template.slice(open + 2, close).trim();
  if (inside === "") {
    return { message: "'{{' and '}}' have no name between them.", ...place };
  }
  const shown = inside.length > SHOWN ? `${inside.slice(0, SHOWN)}…` : inside;
  return {
    message: `'${shown}' is no name of a variable. It has up to ${MAX_NAME} letters, digits and underscores, and does not begin with a digit. Write \\{{ for the braces themselves.`,
    ...place,
  };
}

/** The variables of some messages, in the order in which they are first used. */
export function variablesIn(messages: readonly Pick<PromptMessage, "content">[]): string[] {
  const names = messages.flatMap(({ content }) =>
    partsOf(content).flatMap((part) => (part.kind === "variable" ? [part.name] : [])),
  );
  return [...new Set(names)];
}

/** The last templates that were read: a prompt that is in use is read once, not for each request. */
const read = new Map<string, readonly TemplatePart[]>();
const MAX_READ = 256;

function partsOf(template: string): readonly TemplatePart[] {
  const known = read.get(template);
  if (known !== undefined) {
    return known;
  }
  const { parts } = parseTemplate(template);
  if (read.size >= MAX_READ) {
    read.clear();
  }
  read.set(template, parts);
  return parts;
}

/** The length of what `fillTemplate` would give, without making it. */
export function filledLength(template: string, values: ReadonlyMap<string, string>): number {
  return partsOf(template).reduce((sum, part) => sum + fill(part, values).length, 0);
}

/**
 * The template with its values in place, in one pass: a value is copied as it is and never read
 * again, whatever it holds. A variable without a value is left empty.
 */
export function fillTemplate(template: string, values: ReadonlyMap<string, string>): string {
  return partsOf(template)
    .map((part) => fill(part, values))
    .join("");
}

function fill(part: TemplatePart, values: ReadonlyMap<string, string>): string {
  return part.kind === "text" ? part.text : (values.get(part.name) ?? "");
}

/** A text as a template that gives exactly this text: what a saved conversation becomes. */
export function escapeTemplate(text: string): string {
  let escaped = "";
  let done = 0;
  for (let open = text.indexOf("{{"); open !== -1; open = text.indexOf("{{", done)) {
    const slashes = countSlashes(text, { from: done, to: open });
    escaped += `${text.slice(done, open)}${"\\".repeat(slashes)}\\{{`;
    done = open + 2;
  }
  return escaped + text.slice(done);
}
