import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A load balancer as an orchestrator runs one: it asks `/readyz` and takes turns, nothing else. */
export interface Balancer {
  url: string;
  /** Whether the target at this place gets requests now. */
  isUsed: (at: number) => boolean;
  close: () => Promise<void>;
}

const LOOK_EVERY_MS = 200;
const LOOK_PATIENCE_MS = 2000;
const KEEP_MS = 75_000;

/**
 * Round robin over the targets whose `/readyz` answered 200 when it was last asked. It tries nothing
 * twice: what a target refuses or breaks off is the caller's.
 */
export async function startBalancer(targets: readonly string[]): Promise<Balancer> {
  const places = targets.map((url) => ({
    url: new URL(url),
    isUsed: true,
    agent: new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY }),
  }));
  type Place = (typeof places)[number];
  let turn = 0;
  let isOpen = true;

  async function look(place: Place): Promise<void> {
    while (isOpen) {
      // A look that nothing came of in time tells nothing, as where probes have to fail repeatedly.
      place.isUsed = (await isReady(place.url)) ?? place.isUsed;
      await sleep(LOOK_EVERY_MS);
    }
  }

  function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const used = places.filter((place) => place.isUsed);
    const place = used[turn++ % Math.max(1, used.length)];
    if (place === undefined) {
      outgoing.writeHead(502).end("no target");
      return;
    }
    const { connection: _, ...headers } = incoming.headers;
    const asked = request({
      agent: place.agent,
      host: place.url.hostname,
      port: place.url.port,
      method: incoming.method,
      path: incoming.url,
      headers,
    });
    asked.once("response", (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.once("error", () => outgoing.destroy());
      reply.pipe(outgoing);
    });
    asked.once("error", (error) => {
      if (outgoing.headersSent) {
        outgoing.destroy();
      } else {
        outgoing.writeHead(502).end(`the target broke off: ${error.message}`);
      }
    });
    incoming.pipe(asked);
  }

  // Callers keep their connections for longer than Node's five seconds, and one that is closed as they
  // ask once more would be a failure of this balancer's own.
  const server = createServer({ keepAliveTimeout: KEEP_MS }, forward);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const looks = places.map(look);
  return {
    // A TCP server that listens on a port has an address object.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isUsed: (at) => places[at]?.isUsed === true,
    close: async () => {
      isOpen = false;
      await Promise.all(looks);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const { agent } of places) {
        agent.destroy();
      }
    },
  };
}

/** `undefined` when there was no answer in time, be it yes or no. */
async function isReady(url: URL): Promise<boolean | undefined> {
  try {
    const reply = await fetch(new URL("/readyz", url), {
      headers: { connection: "close" },
      signal: AbortSignal.timeout(LOOK_PATIENCE_MS),
    });
    await reply.text();
    return reply.status === 200;
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError" ? undefined : false;
  }
}
