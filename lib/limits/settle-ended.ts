import { getSql } from "#lib/db/client.ts";
import { listRequestCosts } from "#lib/db/request-costs.ts";
import { listEndedHolds } from "#lib/redis/scripts/ended-holds.ts";
import { HOLD_PREFIX, HOLDS_KEY } from "#lib/redis/scripts/keys.ts";
import type { SharedLimits } from "./configure.ts";
import { listHeldBudgets } from "./held-budgets.ts";

const AT_MOST = 1000;

/**
 * Ends holds in Redis whose lease is over and whose requests have a log row: a process that was killed
 * between storing the row and settling leaves such a hold, and the reaper would charge its estimate.
 * The row has charged the cost already, so that the hold ends at nothing and Redis takes over what the
 * rows say. Rejects when Redis or the database does not answer.
 */
export async function settleEnded({ redis, redisBudgets }: SharedLimits): Promise<void> {
  const reply = await redis.run(listEndedHolds, [HOLDS_KEY], [AT_MOST, HOLD_PREFIX]);
  const words = Array.isArray(reply) ? reply.map(String) : [];
  const holds = words.flatMap((requestId, at) =>
    at % 2 === 0 ? [{ requestId, budgetIds: (words[at + 1] ?? "").split(" ") }] : [],
  );
  if (holds.length === 0) {
    return;
  }
  const costs = await listRequestCosts(
    getSql("batch"),
    holds.map(({ requestId }) => requestId),
  );
  const known = holds.filter(({ requestId }) => costs.has(requestId));
  if (known.length === 0) {
    return;
  }
  const budgets = await listHeldBudgets(new Set(known.flatMap(({ budgetIds }) => budgetIds)));
  await Promise.all(
    known.map(({ requestId, budgetIds }) =>
      redisBudgets.settle(
        { requestId, budgets: budgetIds.flatMap((id) => budgets.get(id) ?? []) },
        { costNanos: 0n },
      ),
    ),
  );
  await redisBudgets.merge(redis, [...budgets.keys()]);
}
