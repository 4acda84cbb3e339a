import type { Caller } from "#lib/contract/caller.ts";
import { ConduitError, isConduitError } from "#lib/errors.ts";
import { unwatch, watch } from "#lib/providers/watchdog.ts";
import type { Exchange } from "./exchange.ts";
import { holdRequest, releaseRequest } from "./revoking.ts";
import { requireRuntime } from "./runtime.ts";
import type { Story } from "./story.ts";

/** When a request's time is up. */
export interface Deadline {
  /** On the clock of `performance.now()`. */
  atMs: number;
  /** Has to be called once the request has ended. */
  close(): void;
}

const TOTAL_MS = 900_000;

/**
 * The time a request may take altogether: 15 minutes, or less when its alias or its caller
 * (`x-conduit-timeout-ms`) says so. Throws `invalid_value` for a header that is no such number, and
 * `api_key_revoked` for a key that was ended since the request came in.
 */
export function openDeadline(
  exchange: Exchange,
  caller: Caller | null,
  aliasTimeoutMs: number | null,
): Deadline {
  const limitMs = Math.min(TOTAL_MS, aliasTimeoutMs ?? TOTAL_MS, askedTimeoutMs(exchange));
  const { active } = requireRuntime();
  if (caller !== null) {
    holdRequest(exchange, caller);
  }
  active.add(exchange.cut);
  const timer = watch(limitMs, () => {
    exchange.cut.abort(
      new ConduitError("upstream_timeout", {
        message: `The request was given up after its limit of ${limitMs / 1000} s.`,
        upstream: { kind: "timeout" },
      }),
    );
  });
  return {
    atMs: exchange.startedAt + limitMs,
    close() {
      unwatch(timer);
      active.delete(exchange.cut);
      releaseRequest(exchange);
    },
  };
}

/** Whether the client has gone away, and not the clock or a shutdown cut the request. */
export function hasHungUp({ exchange: { signal } }: Story): boolean {
  return signal.aborted && isConduitError(signal.reason) && signal.reason.code === "client_closed";
}

function askedTimeoutMs(exchange: Exchange): number {
  const text = exchange.header("x-conduit-timeout-ms");
  if (text === undefined) {
    return TOTAL_MS;
  }
  const asked = Number(text);
  if (!Number.isInteger(asked) || asked < 1) {
    throw new ConduitError("invalid_value", {
      message: "'x-conduit-timeout-ms' has to be a whole number of milliseconds above 0.",
      param: "x-conduit-timeout-ms",
    });
  }
  return asked;
}

/** The deadline that `admitRequest` has set; asked for only after it. */
export function requireDeadline(story: Story): Deadline {
  if (story.deadline === null) {
    throw new Error("The request was not admitted.");
  }
  return story.deadline;
}
