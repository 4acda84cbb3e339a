import { authenticateKey, identifyKey, type KeyCall } from "#lib/auth/api-key.ts";
import type { Caller } from "#lib/contract/caller.ts";
import { ConduitError } from "#lib/errors.ts";
import { stopping } from "#lib/stopping.ts";
import { assertRoomForCaller } from "./descriptors.ts";
import type { Exchange } from "./exchange.ts";
import { assertNoLoop } from "./loop.ts";
import { requireRuntime } from "./runtime.ts";
import type { Story } from "./story.ts";

/**
 * Who is calling. Throws 401 for a key that is none, and 503 before the start has finished, once the
 * process ends, and while it has no room. The owner of a key that may not be used is noted first, so that the refusal
 * becomes a log row.
 */
export async function identify(story: Story): Promise<void> {
  requireRuntime();
  assertServing();
  assertRoomForCaller();
  assertNoLoop(story.exchange);
  const { caller, refusal } = await identifyKey(keyCallOf(story.exchange));
  story.caller = caller;
  if (refusal !== null) {
    throw refusal;
  }
}

/** A connection that was kept alive can bring a request when no new connection is taken any more. */
function assertServing(): void {
  if (stopping().aborted) {
    throw new ConduitError("server_shutdown", {
      message: "This process of the gateway is shutting down. Try again at once.",
      retryAfterMs: 1000,
    });
  }
}

/** The caller by `authorization: Bearer …` or `x-api-key`; cookies count for nothing here. */
export function callerOf(exchange: Exchange): Promise<Caller> {
  return authenticateKey(keyCallOf(exchange));
}

function keyCallOf(exchange: Exchange): KeyCall {
  return {
    authorization: exchange.header("authorization"),
    apiKey: exchange.header("x-api-key"),
    ip: exchange.ip,
  };
}
