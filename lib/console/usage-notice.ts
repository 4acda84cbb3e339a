import type { UsageNotice } from "#lib/contract/usage-report.ts";
import { getDb } from "#lib/db/client.ts";
import { hasLogs } from "#lib/db/log-stats.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { sumUsageByGroup } from "#lib/db/usage-totals.ts";
import { listModels } from "#lib/routing/models.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { countWaitingRows } from "./attention-machine.ts";
import { publicUrl } from "./settings.ts";
import { bucketFor } from "./usage-chart.ts";
import { selectUsage, type UsageRange } from "./usage-selection.ts";

/** A request's row is stored within about a second of its end. */
const STORED_WITHIN_MS = 5_000;
const MODELS_READ = 1_000;

/** How far the figures of a range can be relied on. */
export async function showUsageNotice(
  actor: Actor,
  { filter, interval: asked, nowMs }: UsageRange & { nowMs: number },
): Promise<UsageNotice> {
  const db = getDb("console");
  const { isFine } = bucketFor({ rollup: "auto", interval: asked });
  const query = { filter, interval: asked, groups: [], isFine };
  const { source, interval } = await selectUsage(db, actor, query);
  const [{ groups, totals }, waiting] = await Promise.all([
    sumUsageByGroup(db, {
      source,
      bounds: [new Date(interval.fromMs), new Date(interval.toMs)],
      histograms: [],
      by: ["model"],
      rank: "requests",
      limit: MODELS_READ,
    }),
    countWaitingRows(nowMs),
  ]);
  return {
    completeTo: new Date(nowMs - STORED_WITHIN_MS).toISOString(),
    waiting,
    requests: totals.requests,
    unpricedRequests: totals.unpriced,
    unpricedModels: groups.filter((group) => group.totals.unpriced > 0).length,
  };
}

/** What a page without any figures says: whether there ever was a request, and how to send one. */
export async function showUsageStart(
  actor: Actor,
): Promise<{ hasRequests: boolean; model: string | null; baseUrl: string | null }> {
  const scope = scopeOf(actor, "usage.read");
  const models = listModels({ snapshot: currentSnapshot(), allowedModels: null });
  const model = models.find(({ kind }) => kind === "alias") ?? models[0];
  return {
    hasRequests: await hasLogs(getDb("console"), { scope }),
    model: model?.name ?? null,
    baseUrl: publicUrl(),
  };
}
