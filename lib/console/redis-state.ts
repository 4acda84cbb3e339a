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
    return (await isOut(shared.redis)) ? "unavailable" : "ok";
  }
}

const SETTLED_WITHIN_MS = 3000;
const LOOK_EVERY_MS = 50;

/** One call without an answer is only a doubt, which the breaker settles within a moment. */
async function isOut(redis: RedisClient): Promise<boolean> {
  const giveUpAt = performance.now() + SETTLED_WITHIN_MS;
  while (!redis.isUp && !redis.isOut && performance.now() < giveUpAt) {
    await sleep(LOOK_EVERY_MS);
  }
  return !redis.isUp;
}
