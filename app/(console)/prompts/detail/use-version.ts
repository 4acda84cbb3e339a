"use client";

import type { PromptVersionInfo } from "#lib/contract/prompt.ts";
import type { PromptPage } from "#lib/contract/prompt-board.ts";
import { useIsland } from "../../../_ui/use-island.ts";

export interface VersionState {
  /** Undefined while it is on its way, and when it cannot be had. */
  version: PromptVersionInfo | undefined;
  problem: string | null;
}

/** One version of a prompt, read in the browser. A `null` version asks nothing. */
export function useVersion(name: string, version: number | null): VersionState {
  const query = new URLSearchParams({ name, version: String(version) });
  const path = version === null ? null : (`/api/console/prompts/version?${query}` as const);
  const { data, error } = useIsland<PromptPage | null>(path);
  if (error !== null) {
    return { version: undefined, problem: error.message };
  }
  return data === null
    ? { version: undefined, problem: `There is no version ${version}.` }
    : { version: data?.version, problem: null };
}
