"use client";

import { CircleCheck, LoaderCircle } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { useState } from "react";
import type { FirstRequestView } from "#lib/contract/setup.ts";
import { formatDuration, formatMoney } from "../../_ui/format.ts";
import { useIsland } from "../../_ui/use-island.ts";

const ASK_MS = 1500;

export interface FirstRequestLineProps {
  keyId: string;
}

/** Waits for the first request of a key and then says what it was. */
export function FirstRequestLine({ keyId }: FirstRequestLineProps) {
  const [request, setRequest] = useState<FirstRequestView["request"]>(null);
  const { data } = useIsland<FirstRequestView>(
    request === null ? `/api/console/setup/first-request?key=${keyId}` : null,
    { everyMs: ASK_MS },
  );
  if (request === null && data !== undefined && data.request !== null) {
    // The first answer that has one stays; there is nothing more to ask.
    setRequest(data.request);
  }
  return (
    <p role="status" className="flex flex-wrap items-center gap-2 text-sm">
      {request === null ? (
        <>
          <LoaderCircle
            aria-hidden
            className="size-4 animate-spin text-muted-fg motion-reduce:animate-none"
          />
          Waiting for your first request
        </>
      ) : (
        <>
          <CircleCheck aria-hidden className="size-4 text-success" />
          Received: {request.status}, {formatDuration(request.latency_ms)},{" "}
          {formatMoney(request.cost_usd, "request")}
          <Link
            href={`/logs/${request.id}` as Route}
            className="text-primary underline-offset-4 hover:underline"
          >
            Open its log
          </Link>
        </>
      )}
    </p>
  );
}
