/** One address of the console, and within how many milliseconds its answer is wanted at p95. */
export interface PageCase {
  name: string;
  path: string;
  wantedMs: number;
}

/** Values that the filters of the logs are measured with: each occurs in the data. */
export interface KnownValues {
  requestId: string;
  keyId: string;
  userId: string;
  teamId: string;
  session: string;
}

const FIRST_PAGE_MS = 1_000;
const DRAWER_MS = 300;

/** What is measured: the first page of the logs, each filter by itself, a drawer, and reports. */
export function pageCases(known: KnownValues): PageCase[] {
  const logs = (name: string, filter: string): PageCase => ({
    name: `logs, ${name}`,
    path: `/logs?range=30d${filter === "" ? "" : `&${filter}`}`,
    wantedMs: FIRST_PAGE_MS,
  });
  const usage = (name: string, view: string): PageCase => ({
    name: `usage of 30 days, ${name}`,
    path: `/usage?range=30d${view}`,
    wantedMs: FIRST_PAGE_MS,
  });
  return [
    logs("first rows", ""),
    logs("outcome: provider error", "outcome=provider_error"),
    logs("status 429", "code=429"),
    logs("error code", "error=upstream_timeout"),
    logs("model", "model=gpt-5-mini"),
    logs("deployment", "dep=anthropic-sonnet"),
    logs("provider", "provider=google"),
    logs("team", `team=${known.teamId}`),
    logs("key", `key=${known.keyId}`),
    logs("user", `user=${known.userId}`),
    logs("session", `session=${encodeURIComponent(known.session)}`),
    logs("tag", "tag=app%3Dsearch"),
    logs("streamed", "stream=true"),
    logs("after a fallback", "fallback=true"),
    logs("without a price", "unpriced=true"),
    logs("latency ≥ 60 s", "minlat=60000"),
    logs("cost ≥ $0.20", "mincost=0.2"),
    { name: "drawer", path: `/api/console/logs/${known.requestId}`, wantedMs: DRAWER_MS },
    usage("spend by model", ""),
    usage("requests by key", "&metric=requests&group=key"),
    usage("p95 by deployment", "&metric=latency_p95&group=dep"),
    usage("spend by key, then model", "&group=key&then=model"),
    { name: "overview of 24 hours", path: "/overview", wantedMs: FIRST_PAGE_MS },
    { name: "overview of 30 days", path: "/overview?range=30d", wantedMs: FIRST_PAGE_MS },
  ];
}
