import type { Metadata } from "next";
import { showKeyOptions } from "#lib/console/key-options.ts";
import { hasAnyLogs, showLogList } from "#lib/console/log-list.ts";
import { showRetention } from "#lib/console/log-retention.ts";
import { showLogHistogram } from "#lib/console/log-stats.ts";
import { showSavedViews } from "#lib/console/saved-views.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import type { RawParams } from "#lib/contract/log-filter.ts";
import { readLogRequest } from "#lib/contract/log-request.ts";
import { deleteLogView, saveLogView } from "./actions.ts";
import { LogsView } from "./list/logs-view.tsx";

export const metadata: Metadata = { title: "Logs" };

interface LogsPageProps {
  searchParams: Promise<RawParams>;
}

export default async function LogsPage({ searchParams }: LogsPageProps) {
  const viewer = await requireViewer("log.read");
  const nowMs = Date.now();
  const request = readLogRequest(await searchParams, { nowMs, zone: viewer.reportingZone });
  const range = {
    filter: request.filter,
    from: new Date(request.interval.fromMs),
    to: new Date(request.interval.toMs),
  };
  const week = new Date(request.interval.toMs - 7 * 86_400_000);
  return (
    <LogsView
      request={request}
      readAtMs={nowMs}
      keptDays={showRetention().log_days}
      views={await showSavedViews(viewer, "logs")}
      viewActions={{ save: saveLogView, remove: deleteLogView }}
      page={showLogList(viewer, { ...request, ...range })}
      histogram={showLogHistogram(viewer, { ...range, zone: viewer.zone })}
      explainEmpty={async () => {
        if (!(await hasAnyLogs(viewer))) {
          const { base_url, models } = await showKeyOptions(viewer);
          return { isFirstRun: true, baseUrl: base_url, model: models[0] ?? null };
        }
        const wide = await showLogHistogram(viewer, { ...range, from: week, zone: viewer.zone });
        return { isFirstRun: false, inAWeek: week < range.from ? wide.total : null };
      }}
    />
  );
}
