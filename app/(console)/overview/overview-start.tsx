import type { Route } from "next";
import Link from "next/link";
import type { OverviewTile } from "#lib/contract/overview.ts";
import type { ReportRequest } from "#lib/contract/report-request.ts";
import { rangeLabel } from "#lib/contract/time-range.ts";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { FirstRequest } from "../../_ui/first-request.tsx";
import { buttonClass } from "../../_ui/primitives/button.tsx";
import { RangeLink } from "../../_ui/range-link.tsx";

export interface Start {
  hasRequests: boolean;
  model: string | null;
  baseUrl: string | null;
}

export interface OverviewStartProps {
  tiles: Promise<OverviewTile[]>;
  start: Promise<Start>;
  request: ReportRequest;
  /** A member's allowance shows the code already. */
  isMember: boolean;
}

/** What stands above empty figures: how to send a first request, or a longer time to look at. */
export async function OverviewStart({ tiles, start, request, isMember }: OverviewStartProps) {
  const [list, { hasRequests, model, baseUrl }] = await Promise.all([tiles, start]);
  if (list.some(({ metric, value }) => metric === "requests" && value !== 0)) {
    return null;
  }
  if (!hasRequests && isMember) {
    return (
      <EmptyState
        title="No requests yet."
        action={
          <Link href={"/keys" as Route} className={buttonClass({ variant: "primary" })}>
            Open keys
          </Link>
        }
      >
        Send one with a key of yours; the code stands under Your allowance. Its figures appear here
        a few seconds after it.
      </EmptyState>
    );
  }
  if (!hasRequests) {
    return (
      <FirstRequest title="No requests yet." model={model} baseUrl={baseUrl}>
        Send one with any OpenAI SDK. Its figures appear here a few seconds after it.
      </FirstRequest>
    );
  }
  const { range, filter } = request;
  const when = range.kind === "relative" ? rangeLabel(range.token).toLowerCase() : "this time";
  const what = Object.keys(filter).length === 0 ? "" : " that match the filters";
  return (
    <EmptyState
      title={`No requests${what} in ${when.startsWith("last") ? "the " : ""}${when}.`}
      action={<RangeLink range="30d">Widen to 30 days</RangeLink>}
    >
      There were requests at other times.
    </EmptyState>
  );
}
