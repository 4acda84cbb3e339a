import { Redis } from "@upstash/redis";
import type { RedisTransport } from "./transport.ts";

/** Redis over Upstash's REST interface; every call is one request that ends after `timeoutMs`. */
export function openUpstash(
  options: { url: string; token: string },
  timeoutMs: number,
): RedisTransport {
  const client = new Redis({
    url: options.url,
    token: options.token,
    // A late answer is worth nothing: the caller has long gone another way.
    retry: false,
    signal: () => AbortSignal.timeout(timeoutMs),
    automaticDeserialization: false,
    responseEncoding: false,
    enableTelemetry: false,
    enableAutoPipelining: false,
  });
  return {
    kind: "upstash",
    send: ([command, ...args]) => client.exec([String(command), ...args]),
    // Each request stands for itself: there is no connection to renew or to end.
    reset: () => undefined,
    close: () => undefined,
  };
}
