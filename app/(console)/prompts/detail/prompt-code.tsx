"use client";

import type { PromptPage } from "#lib/contract/prompt-board.ts";
import { BASE_PATH } from "../../../_ui/base-path.ts";
import { Snippet } from "../../../_ui/snippet.tsx";
import { useOrigin } from "../../../_ui/use-origin.ts";
import { promptSamples } from "./prompt-samples.ts";

export interface PromptCodeProps {
  page: PromptPage;
  baseUrl: string | null;
}

/** A request that uses the prompt, in code. */
export function PromptCode({ page: { prompt, version }, baseUrl }: PromptCodeProps) {
  const origin = useOrigin() ?? "";
  const label = version.labels.includes("production") ? undefined : version.labels[0];
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <p className="text-sm">
        {version.labels.includes("production")
          ? "Requests that name no version get this one, for it has the label production."
          : label === undefined
            ? "This version has no label, so that the request names its number."
            : `The request names the label ${label}.`}{" "}
        Messages of the request itself follow those of the prompt.
      </p>
      <Snippet
        samples={promptSamples({
          name: prompt.name,
          version,
          baseUrl: `${baseUrl ?? `${origin}${BASE_PATH}`}/v1`,
        })}
      />
    </div>
  );
}
