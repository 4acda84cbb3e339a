import type { AttentionItem } from "#lib/contract/overview.ts";
import type { Actor } from "./actor.ts";
import { closedKeys, lonelyAliases, openCircuits, unpricedModels } from "./attention-gateway.ts";
import { failingRules } from "./attention-guardrails.ts";
import { expiringKeys, spentBudgets } from "./attention-limits.ts";
import { lateJobs, missingRedis, waitingRows } from "./attention-machine.ts";
import { mayTake } from "./permission.ts";

/** More than that is a page of its own. */
const MAX_ITEMS = 8;

const LEVELS = ["danger", "warning", "info"] as const;

/**
 * What waits for a person within the actor's reach, the gravest first. What only administrators can
 * mend is told to them alone.
 */
export async function showAttention(
  actor: Actor,
  nowMs: number = Date.now(),
): Promise<AttentionItem[]> {
  const forAll = [spentBudgets(actor), expiringKeys(actor, nowMs)];
  const forAdmins = mayTake(actor.principal, "health.read")
    ? [
        closedKeys(),
        missingRedis(),
        openCircuits(),
        lonelyAliases(),
        failingRules(actor),
        waitingRows(nowMs),
        lateJobs(actor),
        unpricedModels(),
      ]
    : [];
  const items = (await Promise.all([...forAdmins, ...forAll])).flat();
  return items
    .toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
    .slice(0, MAX_ITEMS);
}
