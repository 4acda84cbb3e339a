import { parentPort } from "node:worker_threads";
import type { RE2JS } from "re2js";
import { compilePattern, type Pattern } from "./pattern.ts";

/**
 * The thread in which patterns of users run. Their time is linear in the text, and still a large
 * pattern over a large text takes longer than the thread that relays streams has.
 */
export interface Question extends Pattern {
  id: number;
  texts: readonly string[];
}

/** Spans as `[at, start, end]`, in order; `null` for a check that could not be made. */
export type Reply =
  | { kind: "ready" }
  | { kind: "found"; id: number; spans: readonly (readonly [number, number, number])[] | null };

const MOST_PATTERNS = 500;
const patterns = new Map<string, RE2JS>();

function patternOf({ pattern, ignoreCase }: Pattern): RE2JS {
  const key = `${ignoreCase ? "i" : "-"}${pattern}`;
  const known = patterns.get(key);
  if (known !== undefined) {
    return known;
  }
  if (patterns.size >= MOST_PATTERNS) {
    patterns.clear();
  }
  const compiled = compilePattern({ pattern, ignoreCase });
  patterns.set(key, compiled);
  return compiled;
}

function spansOf(question: Question): [number, number, number][] {
  const pattern = patternOf(question);
  const spans: [number, number, number][] = [];
  question.texts.forEach((text, at) => {
    // The first answer is much cheaper than the second, and mostly enough.
    if (!pattern.test(text)) {
      return;
    }
    const matcher = pattern.matcher(text);
    while (matcher.find()) {
      if (matcher.end() > matcher.start()) {
        spans.push([at, matcher.start(), matcher.end()]);
      }
    }
  });
  return spans;
}

function reply(message: Reply): void {
  parentPort?.postMessage(message);
}

parentPort?.on("message", (question: Question) => {
  try {
    reply({ kind: "found", id: question.id, spans: spansOf(question) });
  } catch {
    reply({ kind: "found", id: question.id, spans: null });
  }
});
reply({ kind: "ready" });
