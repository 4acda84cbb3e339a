import Link from "next/link";
import { describeEnding } from "#lib/catalog/attempt-endings.ts";
import type { RequestLogDetail } from "#lib/contract/request-log.ts";
import { Chip } from "../../../_ui/chip.tsx";
import { formatDuration } from "../../../_ui/format.ts";
import { Facts } from "./facts.tsx";

export interface RoutingProps {
  log: RequestLogDetail;
}

/** How the name that was asked for became an answer: what was tried, in order, and why it went on. */
export function Routing({ log }: RoutingProps) {
  const alias = log.alias;
  return (
    <section aria-label="Routing" className="flex flex-col gap-4">
      <Facts
        rows={[
          [
            "Asked for",
            <code key="asked" className="font-mono">
              {log.model_asked}
            </code>,
          ],
          [
            "Alias",
            alias === null ? (
              "None: the name is a model's or a deployment's"
            ) : (
              <Link
                key="alias"
                className="text-primary underline underline-offset-4"
                href={`/routing/${encodeURIComponent(alias)}`}
              >
                {alias}
              </Link>
            ),
          ],
          ["Answered by", log.deployment ?? "No deployment"],
          ["Model there", log.model === null ? null : <code key="model">{log.model}</code>],
          ["Adjusted", log.adjusted.length === 0 ? null : log.adjusted.join(", ")],
        ]}
      />
      <Tries log={log} />
      <p className="text-muted-fg text-xs">
        Deployments that are not listed were not needed, or were resting; a request keeps what was
        tried and why it went on, not what was left.
      </p>
    </section>
  );
}

function Tries({ log }: RoutingProps) {
  if (log.attempt_list.length === 0) {
    return (
      <p className="text-sm">
        No deployment was tried{log.error_message === null ? "." : `: ${log.error_message}`}
      </p>
    );
  }
  return (
    <ol className="flex flex-col gap-2">
      {log.attempt_list.map((attempt, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: attempts have no id, and their order is what they are.
          key={index}
          className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border border-border px-3 py-2 text-13"
        >
          <span className="text-muted-fg">{index + 1}</span>
          <span className="min-w-0 break-words font-medium">{attempt.deployment}</span>
          <span className="text-muted-fg">{attempt.provider}</span>
          <Chip tone={attempt.ended === "ok" ? "success" : "neutral"}>
            {describeEnding(attempt.ended)}
          </Chip>
          <span className="ml-auto text-muted-fg">{formatDuration(attempt.duration_ms)}</span>
        </li>
      ))}
    </ol>
  );
}
