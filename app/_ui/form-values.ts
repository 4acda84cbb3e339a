import type { z } from "zod";

/** Checks an input before the server does. What cannot be fetched checks nothing: the server will. */
export async function problemsOf(
  fetchSchema: () => Promise<z.ZodType>,
  input: unknown,
): Promise<Record<string, string>> {
  const found = await Promise.all([fetchSchema(), import("./field-problems.ts")]).catch(
    () => undefined,
  );
  return found === undefined ? {} : found[1].fieldProblems(found[0], input);
}

/** Whether two values of a form are equal, all the way down. Forms hold plain data only. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
