import { Redis } from "ioredis";
import { type RedisTransport, withDeadline } from "./transport.ts";

const CONNECT_TIMEOUT_MS = 500;
const RETRY_STEP_MS = 50;
const RETRY_MOST_MS = 1_000;

/**
 * Redis over a socket. The client's defaults wait 20 s for a server that is not there; here a
 * command without a connection fails at once, and one without an answer after `timeoutMs`.
 */
export function openIoredis(url: string, timeoutMs: number): RedisTransport {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Answers mean the same on every server and proxy under the older protocol.
    protocol: 2,
    disableClientInfo: true,
    retryStrategy: (times) =>
      Math.min(RETRY_MOST_MS, times * RETRY_STEP_MS) * (0.5 + Math.random() / 2),
  });
  // Failed commands tell the breaker; without a listener the client prints every error.
  let lastError: Error | undefined;
  client.on("error", (error) => {
    lastError = error;
  });
  return {
    kind: "redis",
    send([command, ...args]) {
      if (client.status !== "ready") {
        return Promise.reject(new Error("Redis is not connected.", { cause: lastError }));
      }
      return withDeadline(client.call(String(command), ...args), timeoutMs);
    },
    reset: () => client.disconnect(true),
    close: () => client.disconnect(),
  };
}
