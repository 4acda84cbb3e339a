import type { z } from "zod";
import { fieldErrorsOf } from "#lib/contract/field-errors.ts";

/** The first problem of each field that a schema finds, by dotted path; nothing when it is happy. */
export function fieldProblems(schema: z.ZodType, input: unknown): Record<string, string> {
  const parsed = schema.safeParse(input);
  return parsed.success ? {} : fieldErrorsOf(parsed.error, input);
}
