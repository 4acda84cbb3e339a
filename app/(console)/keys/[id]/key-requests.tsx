import type { Route } from "next";
import Link from "next/link";
import type { RequestLogInfo } from "#lib/contract/request-log.ts";
import { Duration } from "../../../_ui/duration.tsx";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { Money } from "../../../_ui/money.tsx";
import { buttonClass } from "../../../_ui/primitives/button.tsx";
import { Scroller } from "../../../_ui/scroller.tsx";
import { StatusChip } from "../../../_ui/status-chip.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";
import { Tokens } from "../../../_ui/tokens.tsx";

export interface KeyRequestsProps {
  keyId: string;
  logs: readonly RequestLogInfo[];
}

/** The last requests of a key, and the way to all of them. */
export function KeyRequests({ keyId, logs }: KeyRequestsProps) {
  if (logs.length === 0) {
    return (
      <EmptyState title="No requests in 30 days.">
        The tab Snippets has code for a first one.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <Scroller label="Last requests" className="rounded-lg border border-border">
        <table className="w-full text-left text-sm tabular-nums">
          <caption className="sr-only">Last requests of the key</caption>
          <thead className="bg-surface text-13 text-muted-fg">
            <tr>
              {["Time", "Status", "Model", "Tokens", "Cost", "Latency"].map((head) => (
                <th key={head} scope="col" className="h-9 whitespace-nowrap px-3 font-medium">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {logs.map((log) => (
              <tr key={log.id} className="h-9 border-border border-t hover:bg-surface">
                <td className="px-3">
                  <Link
                    href={`/logs/${log.id}` as Route}
                    className="underline-offset-4 hover:underline"
                  >
                    <Timestamp at={log.created_at} />
                  </Link>
                </td>
                <td className="px-3">
                  <StatusChip
                    outcome={log.outcome}
                    errorCode={log.error_code}
                    status={log.status}
                  />
                </td>
                <td className="max-w-56 truncate px-3">{log.model ?? log.model_asked}</td>
                <td className="px-3">
                  <Tokens
                    input={log.tokens.input + log.tokens.cache_read}
                    output={log.tokens.output}
                  />
                </td>
                <td className="px-3">
                  <Money
                    usd={log.price_state === "unpriced" ? null : log.cost_usd}
                    kind="request"
                  />
                </td>
                <td className="px-3">
                  <Duration ms={log.latency_ms} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <div>
        <Link href={`/logs?key=${keyId}` as Route} className={buttonClass()}>
          View all in logs
        </Link>
      </div>
    </div>
  );
}
