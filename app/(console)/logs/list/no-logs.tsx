"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { withBasePath } from "../../../_ui/base-path.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Snippet } from "../../../_ui/snippet.tsx";
import { LiveConnection } from "../live/live-connection.ts";
import { useLogUrl } from "../use-log-url.ts";
import { firstRequestSamples } from "./first-request.ts";

export interface NoMatchProps {
  conditions: number;
  /** Ids of the parameters that are conditions. */
  names: readonly string[];
  rangeLabel: string;
  /** What a week would show; `null` when the range is as long already. */
  inAWeek: number | null;
}

/** The filters leave nothing: what they are is in the chips above, here are the ways out. */
export function NoMatch({ conditions, names, rangeLabel, inAWeek }: NoMatchProps) {
  const url = useLogUrl();
  const title =
    conditions === 0
      ? `No requests in this time (${rangeLabel}).`
      : `No requests match ${conditions === 1 ? "this filter" : `${conditions} filters`}.`;
  return (
    <EmptyState
      title={title}
      action={
        <span className="flex flex-wrap justify-center gap-2">
          {conditions === 0 ? null : (
            <Button onClick={() => url.go(Object.fromEntries(names.map((name) => [name, null])))}>
              Clear filters
            </Button>
          )}
          {inAWeek === null ? null : (
            <Button onClick={() => url.go({ range: "7d", from: null, to: null })}>
              Widen to 7 days ({formatCount(inAWeek)})
            </Button>
          )}
        </span>
      }
    />
  );
}

export interface NoLogsYetProps {
  /** Where `/v1` is, when somebody has set it. */
  baseUrl: string | null;
  model: string | null;
}

/** Nothing was ever asked: how to ask, and a wait that ends with the first request. */
export function NoLogsYet({ baseUrl, model }: NoLogsYetProps) {
  const router = useRouter();
  const [origin, setOrigin] = useState(baseUrl ?? "");
  useEffect(() => {
    setOrigin((known) =>
      known === "" ? `${window.location.origin}${withBasePath("/v1")}`.replace(/\/v1$/, "") : known,
    );
    const connection = new LiveConnection("", Date.now(), {
      onRows: () => router.refresh(),
      onState: () => undefined,
    });
    connection.start();
    return () => connection.stop();
  }, [router]);
  return (
    <div className="flex flex-col gap-4 rounded-lg border border-border border-dashed p-6">
      <p role="status" className="flex items-center gap-2 font-medium text-base">
        <span aria-hidden className="size-2 animate-pulse rounded-full bg-warning" />
        Waiting for the first request
      </p>
      <p className="max-w-prose text-muted-fg text-sm">
        Every call with one of the keys appears here a moment after it ended.
        {model === null ? " A deployment has to be added first: see Models." : ""}
      </p>
      <Snippet
        samples={firstRequestSamples({ baseUrl: `${origin}/v1`, model: model ?? "gpt-4o" })}
      />
    </div>
  );
}
