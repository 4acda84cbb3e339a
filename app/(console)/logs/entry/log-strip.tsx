"use client";

import type { ReactNode } from "react";
import type { RequestLogDetail } from "#lib/contract/request-log.ts";
import { Duration } from "../../../_ui/duration.tsx";
import { formatTokenRate } from "../../../_ui/format.ts";
import { Money } from "../../../_ui/money.tsx";
import { Tokens } from "../../../_ui/tokens.tsx";
import { costOf, tokenRate, tokensIn, tokensOut } from "../list/log-columns.tsx";

export interface LogStripProps {
  log: RequestLogDetail;
}

/** The figures of a request at a glance. */
export function LogStrip({ log }: LogStripProps) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["Cost", <Money key="cost" usd={costOf(log)} kind="request" />],
    [
      "Tokens",
      <Tokens
        key="tokens"
        input={tokensIn(log)}
        output={tokensOut(log)}
        cached={log.tokens.cache_read}
      />,
    ],
    ["Latency", <Duration key="latency" ms={log.latency_ms} />],
    ["TTFT", <Duration key="ttft" ms={log.ttft_ms} />],
    ["Speed", formatTokenRate(tokenRate(log))],
    ["Attempts", log.attempts],
  ];
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2">
      {facts.map(([name, value]) => (
        <div key={name} className="flex flex-col">
          <dt className="text-muted-fg text-xs">{name}</dt>
          <dd className="font-medium text-sm">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
