import { ConduitError } from "#lib/errors.ts";
import type { Exchange } from "./exchange.ts";

const OWN_HOP = /\bconduit\b/g;

/**
 * The `via` header for upstream calls (RFC 9110, 7.6.3). One gateway in front of another is a
 * legitimate chain; a request that has passed through two already is going in circles.
 */
export function hopsOf(exchange: Exchange): string {
  const via = exchange.header("via");
  return via === undefined ? "1.1 conduit" : `${via}, 1.1 conduit`;
}

/** Throws `loop_detected` (508) for a request that has come through two gateways before. */
export function assertNoLoop(exchange: Exchange): void {
  const hops = exchange.header("via")?.match(OWN_HOP)?.length ?? 0;
  if (hops > 1) {
    throw new ConduitError("loop_detected", {
      message:
        "This request has passed through Conduit twice already: a deployment points back at the gateway.",
    });
  }
}
