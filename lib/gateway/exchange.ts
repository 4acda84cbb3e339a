import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { sharedNow } from "#lib/clock.ts";
import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";

/**
 * One request as both doors hand it over: plain data and two functions, so that nothing behind the
 * doors knows whether `node:http` or a route handler stands in front.
 */
export interface Exchange {
  /** Our own UUIDv7; its millisecond is the log row's time. */
  id: string;
  createdAtMs: number;
  /** `performance.now()` when the request came in; durations are taken from it. */
  startedAt: number;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  /** The body's bytes; refuses more than the cap while they arrive. */
  readBody(): Promise<Uint8Array>;
  ip: string | null;
  /** Cuts the upstream calls of this request; its reason is the error that the caller is told. */
  cut: AbortController;
  /** `cut`'s signal. Aborted with `client_closed` when the client goes away too early. */
  signal: AbortSignal;
}

/** What goes back. A stream's chunks are written as they come, with backpressure. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** Why a request is cut when nobody waits for its answer any more. */
export function clientClosed(): ConduitError {
  return new ConduitError("client_closed", {
    message: "The client closed the connection before the answer was complete.",
  });
}

/** The parts of an exchange that do not depend on the door. */
export function openExchange(): Pick<Exchange, "id" | "createdAtMs" | "startedAt"> {
  const createdAtMs = sharedNow();
  return { id: newId(createdAtMs), createdAtMs, startedAt: performance.now() };
}

/**
 * The client's address. `x-forwarded-for` is believed only from `TRUSTED_PROXIES`, and read from
 * the right: the first address that no trusted proxy wrote is the client's.
 */
export function clientIp(peer: string | undefined, forwarded: string | undefined): string | null {
  if (peer === undefined) {
    return null;
  }
  const trusted = getEnv().trustedProxies;
  if (forwarded === undefined || trusted.length === 0 || !isTrusted(peer, trusted)) {
    return plainIp(peer);
  }
  const hops = forwarded.split(",").map((hop) => hop.trim());
  for (const hop of hops.toReversed()) {
    if (isIP(hop) === 0) {
      return plainIp(peer);
    }
    if (!isTrusted(hop, trusted)) {
      return plainIp(hop);
    }
  }
  return plainIp(hops[0] ?? peer);
}

/** Whether `TRUSTED_PROXIES` names the address. */
export function isTrustedProxy(address: string): boolean {
  return isTrusted(address, getEnv().trustedProxies);
}

function isTrusted(address: string, trusted: readonly string[]): boolean {
  // A zone (`fe80::1%eth0`) is this machine's own affair, and not every spelling of one parses.
  const [plain = address] = address.split("%");
  if (!ipaddr.isValid(plain)) {
    return false;
  }
  const parsed = ipaddr.process(plain);
  return trusted.some((entry) => {
    const [network, bits] = ipaddr.isValidCIDR(entry)
      ? ipaddr.parseCIDR(entry)
      : [ipaddr.process(entry), ipaddr.process(entry).kind() === "ipv4" ? 32 : 128];
    return network.kind() === parsed.kind() && parsed.match(network, Number(bits));
  });
}

/** IPv4 addresses inside IPv6 notation are shown as what they are. */
function plainIp(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}
