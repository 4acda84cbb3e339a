import { RE2JS, RE2JSSyntaxException } from "re2js";
import { stepsOf } from "./steps.ts";

/** The longest pattern, in characters. */
export const MOST_PATTERN_UNITS = 1_024;
/** Steps of a pattern's program. Time per character grows with them, and so does compiling. */
const MOST_STEPS = 2_000;

/** A pattern as a rule keeps it. */
export interface Pattern {
  pattern: string;
  ignoreCase: boolean;
}

/**
 * Compiles a pattern for an engine whose time is linear in the text, whatever the pattern: RE2's
 * syntax, which has no back references and no look-around. Throws an error that says what is wrong
 * with it, and where.
 */
export function compilePattern({ pattern, ignoreCase }: Pattern): RE2JS {
  const steps = stepsOf(pattern);
  if (steps > MOST_STEPS) {
    throw new Error(
      `The pattern is too large: its repetitions come to ${steps} steps, and ${MOST_STEPS} are allowed.`,
    );
  }
  const compiled = compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  if (compiled.test("")) {
    throw new Error(
      "The pattern matches a text without any characters, so it would match everywhere.",
    );
  }
  return compiled;
}

function compile(pattern: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(pattern, flags);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) {
      throw new Error(messageOf(error, pattern), { cause: error });
    }
    throw error;
  }
}

const LOOK_AROUND = /\(\?<?[=!]/;

function messageOf(error: RE2JSSyntaxException, pattern: string): string {
  const around = LOOK_AROUND.exec(pattern);
  if (around !== null) {
    return `The pattern is not valid at character ${around.index + 1}: look-around is not possible in linear time.`;
  }
  const part = error.getPattern();
  const at = typeof part === "string" && part !== pattern ? pattern.indexOf(part) : -1;
  const place = at < 0 ? `at its end` : `at character ${at + 1}, ${part}`;
  return `The pattern is not valid ${place}: ${error.getDescription()}.`;
}
