import type { KeyTab, KeyTabId } from "#lib/contract/key-tab.ts";
import type { Interval } from "#lib/contract/time-range.ts";
import type { Actor } from "./actor.ts";
import { showAudit } from "./audit.ts";
import { showKeyOptions } from "./key-options.ts";
import { showFirstRequest } from "./key-reveal.ts";
import { showKeyLevels } from "./limit-levels.ts";
import { showLogList } from "./log-list.ts";
import { showUsageChart } from "./usage-chart.ts";

const REQUESTS_SHOWN = 20;
const EVENTS_SHOWN = 50;
const DAY_MS = 86_400_000;
/** So far back the last requests are looked for. */
const REQUEST_DAYS = 30;

const CHARTS = [
  { title: "Requests by outcome", metric: "requests", group: "outcome" },
  { title: "Spend by model", metric: "spend", group: "model" },
  { title: "Latency, p95", metric: "latency_p95", group: "model" },
] as const;

/** What one view of a key shows. Each throws 404 for a key that the actor may not see. */
export async function showKeyTab(
  actor: Actor,
  { id, tab, interval, zone }: { id: string; tab: KeyTabId; interval: Interval; zone: string },
): Promise<KeyTab> {
  switch (tab) {
    case "usage":
      return { tab, charts: await chartsOf(actor, { id, interval, zone }) };
    case "limits": {
      const [levels, options] = await Promise.all([
        showKeyLevels(actor, id),
        showKeyOptions(actor),
      ]);
      return { tab, levels, options };
    }
    case "requests":
      return { tab, logs: await lastRequests(actor, id) };
    case "snippets":
      return { tab, ...(await showFirstRequest(actor, id)) };
    case "activity": {
      const query = { limit: EVENTS_SHOWN, offset: 0, target_type: "api_key", target_id: id };
      return { tab, events: (await showAudit(actor, query)).events };
    }
    default:
      return tab satisfies never;
  }
}

async function chartsOf(
  actor: Actor,
  { id, interval, zone }: { id: string; interval: Interval; zone: string },
) {
  const filter = { key: { include: [id], exclude: [] } };
  const nowMs = Date.now();
  const query = { filter, interval, zone, nowMs, rollup: "auto", top: 6 } as const;
  return await Promise.all(
    CHARTS.map(async ({ title, metric, group }) => ({
      title,
      chart: await showUsageChart(actor, { ...query, metric, group }),
    })),
  );
}

async function lastRequests(actor: Actor, id: string) {
  const to = new Date();
  const { logs } = await showLogList(actor, {
    filter: { key: { include: [id], exclude: [] } },
    from: new Date(to.getTime() - REQUEST_DAYS * DAY_MS),
    to,
    sort: "time",
    direction: "desc",
    size: REQUESTS_SHOWN,
    mark: "",
  });
  return logs;
}
