"use client";

import { Layers, Radio, ShieldAlert, TriangleAlert, Zap } from "lucide-react";
import type { ReactNode } from "react";
import { RESULT_WORDS } from "#lib/catalog/guardrail-words.ts";
import type { RequestLogInfo } from "#lib/contract/request-log.ts";
import type { Column } from "../../../_ui/data-table.tsx";
import { Duration } from "../../../_ui/duration.tsx";
import { EntityId } from "../../../_ui/entity-id.tsx";
import { formatTokenRate } from "../../../_ui/format.ts";
import { Money } from "../../../_ui/money.tsx";
import { StatusChip } from "../../../_ui/status-chip.tsx";
import { Tokens } from "../../../_ui/tokens.tsx";
import { LogTime } from "./log-time.tsx";

type Log = RequestLogInfo;

/** Tokens read and written, as everything that is counted on either side. */
export function tokensIn({ tokens }: Log): number {
  const written = tokens.cache_write_5m + tokens.cache_write_1h;
  return tokens.input + tokens.cache_read + written + tokens.audio_in;
}

export function tokensOut({ tokens }: Log): number {
  return tokens.output + tokens.audio_out;
}

/** Output tokens a second, from the first one where the answer was streamed. */
export function tokenRate(log: Log): number | null {
  // A whole answer comes at once: all of its time went into its tokens.
  const ms = log.latency_ms - (log.stream ? (log.ttft_ms ?? 0) : 0);
  return tokensOut(log) === 0 || ms <= 0 ? null : (tokensOut(log) / ms) * 1000;
}

/** What the row cost; unknown is not zero. */
export function costOf({ price_state, cost_usd }: Log): string | null {
  return price_state === "unpriced" ? null : cost_usd;
}

/** The columns of the list. `longestMs` is what the bar of a latency is measured by. */
export function logColumns({
  onOpen,
  longestMs,
  canSort,
}: {
  onOpen: (id: string) => void;
  longestMs: number;
  canSort: boolean;
}): Column<Log>[] {
  const sortable = (key: string) => (canSort ? { sortKey: key } : {});
  return [
    {
      id: "time",
      header: "Time",
      cell: (log) => <LogTime log={log} onOpen={onOpen} />,
      sortKey: "time",
    },
    {
      id: "status",
      header: "Status",
      mobile: "side",
      cell: (log) => (
        <StatusChip outcome={log.outcome} errorCode={log.error_code} status={log.status} />
      ),
    },
    { id: "model", header: "Model", mobile: "line", cell: (log) => <ModelCell log={log} /> },
    { id: "deployment", header: "Deployment", cell: (log) => <Cut>{log.deployment}</Cut> },
    {
      id: "key",
      header: "Key",
      cell: (log) => <Cut title={log.key_prefix}>{log.key_name ?? log.key_prefix}</Cut>,
    },
    {
      id: "tokens",
      header: "Tokens",
      align: "end",
      cell: (log) => <Tokens input={tokensIn(log)} output={tokensOut(log)} />,
    },
    {
      id: "cost",
      header: "Cost",
      align: "end",
      mobile: "line",
      cell: (log) => <Money usd={costOf(log)} kind="request" />,
      ...sortable("cost"),
    },
    {
      id: "latency",
      header: "Latency",
      align: "end",
      mobile: "line",
      cell: (log) => <LatencyCell ms={log.latency_ms} longestMs={longestMs} />,
      ...sortable("latency"),
    },
    { id: "ttft", header: "TTFT", align: "end", cell: (log) => <Duration ms={log.ttft_ms} /> },
    { id: "flags", header: "Flags", cell: (log) => <Flags log={log} /> },
    ...optionalColumns(),
  ];
}

function optionalColumns(): Column<Log>[] {
  const text = (id: string, header: string, read: (log: Log) => ReactNode): Column<Log> => ({
    id,
    header,
    isHidden: true,
    cell: (log) => <Cut>{read(log)}</Cut>,
  });
  const number = (id: string, header: string, read: (log: Log) => ReactNode): Column<Log> => ({
    id,
    header,
    isHidden: true,
    align: "end",
    cell: read,
  });
  return [
    text("team", "Team", (log) => log.team_name ?? log.team_id),
    text("user", "User", (log) => log.user_email ?? log.user_id),
    text("endpoint", "Endpoint", (log) => log.endpoint),
    text("id", "Request id", (log) => <EntityId id={log.id} what="request id" />),
    number("attempts", "Attempts", (log) => log.attempts),
    number("cached", "Cached tokens", (log) => <Tokens count={log.tokens.cache_read} />),
    number("reasoning", "Reasoning tokens", (log) => <Tokens count={log.tokens.reasoning} />),
    number("rate", "Speed", (log) => formatTokenRate(tokenRate(log))),
    text("tags", "Tags", (log) =>
      Object.entries(log.tags)
        .map(([name, value]) => `${name}=${value}`)
        .join(", "),
    ),
    text("session", "Session", (log) => log.session),
    text("prompt", "Prompt", (log) =>
      log.prompt === null ? null : `${log.prompt} v${log.prompt_version}`,
    ),
    text("error", "Error code", (log) => log.error_code),
    text("ip", "IP address", (log) => log.ip),
    text("agent", "User agent", (log) => log.user_agent),
    number("overhead", "Overhead", (log) => <Duration ms={log.overhead_ms} />),
  ];
}

interface CutProps {
  title?: string | null;
  children: ReactNode;
}

/** A cell that never pushes the others away. */
function Cut({ title, children }: CutProps) {
  const text = typeof children === "string" ? children : undefined;
  return (
    <span title={title ?? text} className="block max-w-28 truncate 2xl:max-w-44">
      {children ?? <span className="text-muted-fg">—</span>}
    </span>
  );
}

interface CellProps {
  log: Log;
}

function ModelCell({ log }: CellProps) {
  const isOther = log.model !== null && log.model !== log.model_asked;
  return (
    <span
      className="block max-w-64 truncate font-mono text-13"
      title={`${log.model_asked}${isOther ? ` → ${log.model}` : ""}`}
    >
      {log.model_asked}
      {isOther ? <span className="text-muted-fg"> → {log.model}</span> : null}
    </span>
  );
}

function LatencyCell({ ms, longestMs }: { ms: number; longestMs: number }) {
  const share = longestMs <= 0 ? 0 : Math.min(1, ms / longestMs);
  return (
    <span className="inline-flex items-center justify-end gap-2">
      <span aria-hidden className="h-1.5 w-12 overflow-hidden rounded-full bg-muted max-lg:hidden">
        <span className="block h-full rounded-full bg-input" style={{ width: `${share * 100}%` }} />
      </span>
      <Duration ms={ms} className="min-w-14" />
    </span>
  );
}

function Flags({ log }: CellProps) {
  const flags = [
    { id: "stream", isSet: log.stream, text: "Streamed", icon: <Radio aria-hidden /> },
    {
      id: "cached",
      isSet: log.cache === "HIT" || log.cache === "SEMANTIC",
      text: "From the cache",
      icon: <Zap aria-hidden />,
    },
    {
      id: "fallback",
      isSet: log.attempts > 1,
      text: `${log.attempts} attempts`,
      icon: <Layers aria-hidden />,
    },
    {
      id: "guardrail",
      isSet: log.guardrail !== null && log.guardrail !== "passed" && log.guardrail !== "skipped",
      text: log.guardrail === null ? "" : `Guardrails: ${RESULT_WORDS[log.guardrail].label}`,
      icon: <ShieldAlert aria-hidden />,
    },
    {
      id: "unpriced",
      isSet: log.price_state === "unpriced",
      text: "No price",
      icon: <TriangleAlert aria-hidden />,
    },
  ].filter(({ isSet }) => isSet);
  return (
    <span className="flex gap-1.5 text-muted-fg [&_svg]:size-4">
      {flags.map(({ id, text, icon }) => (
        <span key={id} title={text} className="inline-flex items-center gap-0.5 text-xs">
          {icon}
          {id === "fallback" ? `×${log.attempts}` : null}
          <span className="sr-only">{text}</span>
        </span>
      ))}
    </span>
  );
}
