import type { Readiness } from "#lib/contract/health.ts";
import { getLimits } from "#lib/limits/configure.ts";

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
    return "unavailable";
  }
}
