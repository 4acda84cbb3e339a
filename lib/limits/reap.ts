import { expireReservations, pruneReservations } from "#lib/db/budgets.ts";
import { getSql } from "#lib/db/client.ts";
import { isRedisUnavailable } from "#lib/redis/breaker.ts";
import { getLimits, type SharedLimits } from "./configure.ts";
import { settleEnded } from "./settle-ended.ts";

/** Ended reservations are kept for this long, for settlements that come late. */
const KEEP_MS = 7 * 86_400_000;
const EXPIRE_MOST = 500;

/**
 * Ends what nobody will end any more: reservations whose lease is over are charged at their estimate
 * and flagged, never freed in silence; slots and counters that ran out are forgotten. Also carries
 * amounts between Redis and the database. Run it every few seconds; returns how many were charged.
 */
export async function reapReservations(): Promise<number> {
  const limits = getLimits();
  limits.rates.sweep();
  let reaped = limits.budgets.reap();
  if (limits.shared !== undefined) {
    reaped += await reapShared(limits.shared);
  }
  const sql = getSql("batch");
  for (let count = EXPIRE_MOST; count === EXPIRE_MOST; reaped += count) {
    count = await expireReservations(sql, limits.now());
  }
  await pruneReservations(sql, KEEP_MS);
  return reaped;
}

async function reapShared(shared: SharedLimits): Promise<number> {
  const { redis, redisBudgets, budgets } = shared;
  try {
    await redis.drain();
    await settleEnded(shared);
    const reaped = await redisBudgets.reap();
    await budgets.reconcile();
    return reaped;
  } catch (error) {
    // While Redis is away there is nothing to reap in it; the next run will find it there.
    if (isRedisUnavailable(error)) {
      return 0;
    }
    throw error;
  }
}
