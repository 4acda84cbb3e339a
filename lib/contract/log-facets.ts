/** Properties whose values can be counted for the filter panel. */
export const LOG_FACETS = [
  "outcome",
  "code",
  "error",
  "model",
  "asked",
  "dep",
  "provider",
  "team",
  "key",
  "user",
  "endpoint",
  "cache",
  "guard",
  "rule",
  "stream",
  "fallback",
] as const;
export type LogFacetName = (typeof LOG_FACETS)[number];

export interface LogFacetValue {
  value: string;
  label: string;
  requests: number;
}

export type LogFacetCounts = Partial<Record<LogFacetName, LogFacetValue[]>>;
