"use client";

import type { PromptVersionUsage } from "#lib/contract/prompt-board.ts";
import { formatCount } from "../../../_ui/format.ts";
import { useIsland } from "../../../_ui/use-island.ts";

export interface RequestsOfProps {
  /** Null asks nothing. */
  name: string | null;
  /** Only this version; all of them together without it. */
  version?: number;
}

/** "412 requests used it in the last 7 days.", as the server counts them now. */
export function RequestsOf({ name, version }: RequestsOfProps) {
  const path =
    name === null ? null : (`/api/console/prompts/usage?name=${encodeURIComponent(name)}` as const);
  const { data, error } = useIsland<PromptVersionUsage[]>(path);
  if (error !== null) {
    return "Who uses it could not be counted.";
  }
  if (data === undefined) {
    return "Counting requests…";
  }
  const counted = data.filter((row) => version === undefined || row.version === version);
  const requests = counted.reduce((sum, row) => sum + row.requests, 0);
  return `${formatCount(requests)} ${requests === 1 ? "request" : "requests"} used it in the last 7 days.`;
}
