import { setTimeout as sleep } from "node:timers/promises";
import type { Readiness } from "#lib/contract/health.ts";
import { getLimits } from "#lib/limits/configure.ts";
import type { RedisClient } from "#lib/redis/client.ts";

/**
 * How Redis is, asked now: where no request counts anything, nobody else may have noticed that it
 * went away.
 */
export async function askRedis(): Promise<Readiness["redis"]> {
  const { shared } = getLimits();
  if (shared === undefined) {
    return "not_configured";
  }
  try {
    await shared.redis.send(["PING"]);
    return "ok";
  } catch {
    return (await isOnlyDoubted(shared.redis)) ? "ok" : "unavailable";
  }
}

const SETTLED_WITHIN_MS = 3000;
const LOOK_EVERY_MS = 50;

/** One call without an answer is a doubt at first, which the breaker settles within a moment. */
async function isOnlyDoubted(redis: RedisClient): Promise<boolean> {
  const isDoubted = () => !(redis.isUp || redis.isOut);
  if (!isDoubted()) {
    return false;
  }
  const giveUpAt = performance.now() + SETTLED_WITHIN_MS;
  while (isDoubted() && performance.now() < giveUpAt) {
    await sleep(LOOK_EVERY_MS);
  }
  return redis.isUp;
}
