"use client";

import Link from "next/link";
import { reachOf } from "#lib/catalog/roles.ts";
import type { RequestLogDetail } from "#lib/contract/request-log.ts";
import { ResultChip } from "../../../_ui/guardrail-chip.tsx";
import { VerdictTable } from "../../../_ui/verdict-table.tsx";
import { useViewer } from "../../../_ui/viewer-context.tsx";

export interface GuardrailsProps {
  log: RequestLogDetail;
}

/** What the rules said of the request and of its answer. Only counts are kept, never what was found. */
export function Guardrails({ log }: GuardrailsProps) {
  const mayTest = reachOf(useViewer().role, "guardrail.test") !== null;
  if (log.guardrail === null) {
    return <p>No guardrail rule applied to this request.</p>;
  }
  return (
    <section aria-label="Guardrails" className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <ResultChip result={log.guardrail} />
        {log.outcome === "blocked" && log.error_message !== null ? (
          <span className="text-sm">The caller read: “{log.error_message}”</span>
        ) : null}
      </div>
      <VerdictTable verdicts={log.verdict_list} />
      <p className="text-muted-fg text-xs">
        The log keeps how much was found, not what. Where content is stored, it is stored after
        redaction and masking; the Payload tab shows it.{" "}
        {mayTest ? (
          <Link
            href={`/guardrails/test?log=${log.id}`}
            className="text-primary underline underline-offset-4"
          >
            Try today's rules on it
          </Link>
        ) : null}
      </p>
    </section>
  );
}
