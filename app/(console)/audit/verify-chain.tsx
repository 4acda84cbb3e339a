"use client";

import { CircleCheck, ShieldCheck, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { AuditVerdict } from "#lib/contract/audit.ts";
import { formatCount } from "../../_ui/format.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { type IslandState, useIsland } from "../../_ui/use-island.ts";

const PATH = "/api/console/audit/verify";

/** Checks on demand that no event was altered, moved or taken out. */
export function VerifyChain() {
  const [isAsked, setAsked] = useState(false);
  const verdict = useIsland<AuditVerdict>(isAsked ? PATH : null);
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span role="status" className="text-sm empty:absolute">
        <VerdictText verdict={verdict} />
      </span>
      <Button
        isPending={verdict.isLoading || verdict.isRefreshing}
        onClick={() => (isAsked ? verdict.refresh() : setAsked(true))}
      >
        <ShieldCheck aria-hidden />
        Verify chain
      </Button>
    </span>
  );
}

interface VerdictTextProps {
  verdict: IslandState<AuditVerdict>;
}

function VerdictText({ verdict: { data, error } }: VerdictTextProps) {
  if (error !== null) {
    return <span className="text-danger">{error.message}</span>;
  }
  if (data === undefined) {
    return null;
  }
  return data.intact ? (
    <span className="inline-flex items-center gap-1.5">
      <CircleCheck aria-hidden className="size-4 text-success" />
      All {formatCount(data.checked)} events fit
    </span>
  ) : (
    <span className="inline-flex items-center gap-1.5 text-danger">
      <TriangleAlert aria-hidden className="size-4" />
      Event {data.broken_at} does not fit the one before
    </span>
  );
}
