import type { AttentionItem } from "#lib/contract/overview.ts";
import { getDb } from "#lib/db/client.ts";
import { listInstances } from "#lib/db/instances.ts";
import type { Actor } from "./actor.ts";
import { showJobs } from "./jobs.ts";
import { askRedis } from "./redis-state.ts";

const RECENT_MS = 45_000;
/** A batch or two may always be on its way. */
const MANY_WAITING = 5_000;

/** Redis is configured and does not answer. */
export async function missingRedis(): Promise<AttentionItem[]> {
  return (await askRedis()) !== "unavailable"
    ? []
    : [
        {
          id: "redis",
          level: "danger",
          title: "Redis does not answer",
          detail: "Each process counts limits by itself, and budgets are decided by the database.",
          href: "/health",
          action: "Open health",
        },
      ];
}

/** Log rows that wait for the database: figures are behind by as many. */
export async function waitingRows(nowMs: number): Promise<AttentionItem[]> {
  const waiting = await countWaitingRows(nowMs);
  return waiting < MANY_WAITING
    ? []
    : [
        {
          id: "queue",
          level: "warning",
          title: "Log rows wait for the database",
          detail: `${waiting.toLocaleString("en-US")} requests are not in any figure yet.`,
          href: "/health",
          action: "Open health",
        },
      ];
}

/** Requests that have ended and are not stored yet, over all processes that are alive. */
export async function countWaitingRows(nowMs: number): Promise<number> {
  const since = new Date(nowMs - RECENT_MS);
  const instances = await listInstances(getDb("console"), { since });
  return instances.reduce((sum, { queued }) => sum + queued, 0);
}

/** Background jobs that failed or are overdue. */
export async function lateJobs(actor: Actor): Promise<AttentionItem[]> {
  const { jobs } = await showJobs(actor);
  return jobs
    .filter(({ state, late }) => state === "failed" || late)
    .map(({ name, label, state, result }) => ({
      id: `job ${name}`,
      level: "warning",
      title: state === "failed" ? `Job ${label} failed` : `Job ${label} is late`,
      detail: state === "failed" ? result : "It has missed its time twice.",
      href: "/health",
      action: "Open jobs",
    }));
}
