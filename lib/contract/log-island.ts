import { z } from "zod";
import { ConduitError } from "../errors.ts";
import { logFacetNames } from "./log-facet-names.ts";
import { type LogRequest, readLogRequest } from "./log-request.ts";

/** Filters and range as the page's own address has them, beside what an endpoint needs itself. */
export const logIslandQuery = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** The query of the counts for the filter panel. */
export const logFacetsQuery = z.looseObject({ facets: logFacetNames });

/** The query of what is new: `since` is a time in milliseconds. */
export const logTailQuery = z.looseObject({
  since: z
    .string()
    .regex(/^\d{1,15}$/, "must be milliseconds")
    .transform(Number)
    .optional(),
});

/**
 * The filters of an island's query. A page shows what it cannot read and goes on without it; an
 * answer that nobody reads over must not: throws `invalid_value` naming the parameter.
 */
export function requireLogRequest(
  query: Readonly<Record<string, unknown>>,
  context: { nowMs: number; zone: string },
): LogRequest {
  const request = readLogRequest(logIslandQuery.parse(textsOf(query)), context);
  const [wrong] = request.ignored;
  if (wrong !== undefined) {
    throw new ConduitError("invalid_value", {
      message: `'${wrong.name}' cannot be ${JSON.stringify(wrong.value)}.`,
      param: wrong.name,
    });
  }
  return request;
}

/** The endpoint's own parameters have been parsed already, and are none of the filters. */
function textsOf(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).filter(
      ([name, value]) =>
        name !== "facets" &&
        name !== "since" &&
        (typeof value === "string" || Array.isArray(value)),
    ),
  );
}
