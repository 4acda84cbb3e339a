import { Suspense } from "react";
import { countConditions, LOG_FILTER_NAMES } from "#lib/contract/log-filter.ts";
import type { LogHistogram as Counts } from "#lib/contract/log-histogram.ts";
import { type LogListPage, MAX_SORT_RANGE_MS } from "#lib/contract/log-list.ts";
import type { LogRequest } from "#lib/contract/log-request.ts";
import type { SavedView } from "#lib/contract/saved-view.ts";
import { rangeLabel } from "#lib/contract/time-range.ts";
import { formatCount } from "../../../_ui/format.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import type { SavedViewActions } from "../../../_ui/saved-views.tsx";
import { Section } from "../../../_ui/section.tsx";
import { listQueryOf } from "../list-query.ts";
import { ListQueryProvider } from "../use-list-query.tsx";
import { DrawerSlot } from "./drawer-slot.tsx";
import { FilterPanel } from "./filter-panel.tsx";
import { LogFilters } from "./log-filters.tsx";
import { LogHistogram } from "./log-histogram.tsx";
import { LogTable } from "./log-table.tsx";
import { LogToolbar } from "./log-toolbar.tsx";
import { NoLogsYet, NoMatch } from "./no-logs.tsx";

/** Why a list is empty, asked only when it is. */
export type EmptyReason =
  | { isFirstRun: true; baseUrl: string | null; model: string | null }
  | { isFirstRun: false; inAWeek: number | null };

export interface LogsViewProps {
  request: LogRequest;
  readAtMs: number;
  keptDays: number;
  views: readonly SavedView[];
  viewActions: SavedViewActions;
  page: Promise<LogListPage>;
  histogram: Promise<Counts>;
  explainEmpty: () => Promise<EmptyReason>;
}

/** The list of requests. Its parts load and fail each for itself. */
export function LogsView(props: LogsViewProps) {
  const { request, keptDays, views, viewActions, histogram } = props;
  const canFollow = endsNow(request);
  return (
    <ListQueryProvider query={listQueryOf(request)}>
      <div className="flex min-w-0 flex-col gap-4 p-4 md:px-6">
        <PageHeader title="Logs" description="Find one request and see why it went as it did." />
        <LogFilters ignored={request.ignored} keptDays={keptDays} isShort={isShort(request)}>
          <LogToolbar canFollow={canFollow} views={views} viewActions={viewActions} />
        </LogFilters>
        <Section what="the histogram" fallback={<Skeleton className="h-36 w-full" />}>
          <HistogramSlot histogram={histogram} />
        </Section>
        <div className="flex min-w-0 items-start gap-4">
          <FilterPanel />
          <div className="min-w-0 flex-1">
            <Section what="requests" fallback={<Skeleton className="h-[32rem] w-full" />}>
              <ListSlot {...props} />
            </Section>
          </div>
        </div>
        <DrawerSlot />
      </div>
    </ListQueryProvider>
  );
}

const SHORT_MS = 8 * 86_400_000;

function isShort({ interval }: LogRequest): boolean {
  return interval.toMs - interval.fromMs <= SHORT_MS;
}

/** Only a range that goes on has something to follow. */
function endsNow({ range }: LogRequest): boolean {
  return range.kind === "relative" && range.token !== "yesterday" && range.token !== "last-month";
}

async function HistogramSlot({ histogram }: Pick<LogsViewProps, "histogram">) {
  return <LogHistogram histogram={await histogram} />;
}

async function ListSlot({ request, readAtMs, page, histogram, explainEmpty }: LogsViewProps) {
  const list = await page;
  const { fromMs, toMs } = request.interval;
  return (
    <LogTable
      page={list}
      sort={{ key: request.sort, dir: request.direction }}
      canSort={toMs - fromMs <= MAX_SORT_RANGE_MS}
      canFollow={endsNow(request)}
      readAtMs={readAtMs}
      summary={
        <Suspense fallback="">
          <MatchCount histogram={histogram} />
        </Suspense>
      }
      empty={
        list.logs.length > 0 ? null : <Empty request={request} reason={await explainEmpty()} />
      }
    />
  );
}

async function MatchCount({ histogram }: Pick<LogsViewProps, "histogram">) {
  // A histogram that failed says so itself.
  const total = await histogram.then(
    (counts) => counts.total,
    () => null,
  );
  if (total === null) {
    return null;
  }
  return <span>{total === 1 ? "1 request matches" : `${formatCount(total)} requests match`}</span>;
}

interface EmptyProps {
  request: LogRequest;
  reason: EmptyReason;
}

function Empty({ request, reason }: EmptyProps) {
  if (reason.isFirstRun) {
    return <NoLogsYet baseUrl={reason.baseUrl} model={reason.model} />;
  }
  const { range, filter } = request;
  return (
    <NoMatch
      conditions={countConditions(filter)}
      names={LOG_FILTER_NAMES}
      rangeLabel={
        range.kind === "relative" ? rangeLabel(range.token).toLowerCase() : "a chosen range"
      }
      inAWeek={reason.inAWeek}
    />
  );
}
