import { authenticateKey } from "#lib/auth/api-key.ts";
import type { Caller } from "#lib/contract/caller.ts";
import type { Exchange } from "./exchange.ts";
import { assertNoLoop } from "./loop.ts";
import { requireRuntime } from "./runtime.ts";
import type { Story } from "./story.ts";

/** Who is calling. Throws 401 for a key that is none, and 503 before the start has finished. */
export async function identify(story: Story): Promise<void> {
  requireRuntime();
  assertNoLoop(story.exchange);
  story.caller = await callerOf(story.exchange);
}

/** The caller by `authorization: Bearer …` or `x-api-key`; cookies count for nothing here. */
export function callerOf(exchange: Exchange): Promise<Caller> {
  return authenticateKey({
    authorization: exchange.header("authorization"),
    apiKey: exchange.header("x-api-key"),
    ip: exchange.ip,
  });
}
