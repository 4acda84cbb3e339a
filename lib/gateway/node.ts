import type { IncomingMessage, ServerResponse } from "node:http";
import { getEnv } from "#lib/env.ts";
import { rewatch, touch, unwatch, watch } from "#lib/providers/watchdog.ts";
import { tooLarge } from "./body.ts";
import { clientClosed, clientIp, type Exchange, openExchange, type Reply } from "./exchange.ts";
import { PING, PING_MS } from "./pings.ts";
import { routeRequest } from "./router.ts";
import { vouchFor } from "./slow-clients.ts";

const PROBES = new Set(["/livez", "/readyz", "/metrics"]);

/**
 * The fast door: `/v1`, probes and metrics straight on `node:http`. Returns `false` for a request
 * that is none of its business.
 */
export function handleNode(req: IncomingMessage, res: ServerResponse): boolean {
  const path = pathOf(req.url ?? "/");
  if (path === undefined) {
    return false;
  }
  const exchange = exchangeOf(req, res);
  routeRequest(req.method ?? "GET", path, exchange)
    .then((reply) => write(res, reply, exchange.signal))
    .catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined));
  return true;
}

/** The path below the base path, when it belongs to this door. */
function pathOf(url: string): string | undefined {
  const { basePath, door } = getEnv();
  const query = url.indexOf("?");
  const path = query === -1 ? url : url.slice(0, query);
  if (!path.startsWith(basePath)) {
    return undefined;
  }
  const local = path.slice(basePath.length);
  if (local === "/v1" || local.startsWith("/v1/")) {
    return door === "fast" ? local : undefined;
  }
  return PROBES.has(local) ? local : undefined;
}

function exchangeOf(req: IncomingMessage, res: ServerResponse): Exchange {
  const cut = new AbortController();
  res.once("close", () => {
    if (!res.writableFinished) {
      cut.abort(clientClosed());
    }
  });
  if (res.socket === null) {
    closeWithSocket(req, res);
  }
  return {
    ...openExchange(),
    header: (name) => headerOf(req, name),
    readBody: () => {
      // Only asked for once the caller's key was accepted.
      vouchFor(req.socket);
      return readBody(req);
    },
    ip: clientIp(req.socket.remoteAddress, headerOf(req, "x-forwarded-for")),
    cut,
    signal: cut.signal,
  };
}

/**
 * The response to a pipelined request waits for its turn without a socket, and Node does not tell it
 * when the connection goes meanwhile: its upstream would be read for nobody.
 */
function closeWithSocket({ socket }: IncomingMessage, res: ServerResponse): void {
  const onGone = (): void => {
    if (!res.destroyed) {
      res.destroy();
      res.emit("close");
    }
  };
  socket.once("close", onGone);
  res.once("close", () => socket.off("close", onGone));
}

function headerOf(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

function readBody(req: IncomingMessage): Promise<Uint8Array> {
  const limit = getEnv().maxBodyBytes;
  if (Number(req.headers["content-length"] ?? 0) > limit) {
    return Promise.reject(tooLarge());
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    req.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) {
        req.pause();
        reject(tooLarge());
        return;
      }
      chunks.push(chunk);
    });
    req.once("end", () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
    });
    req.once("error", () => reject(clientClosed()));
  });
}

async function write(res: ServerResponse, reply: Reply, signal: AbortSignal): Promise<void> {
  const { body } = reply;
  if (typeof body === "string" || body instanceof Uint8Array) {
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
    res.writeHead(reply.status, {
      ...reply.headers,
      "content-length": length,
      // The rest of a refused body is not worth reading.
      ...(reply.status === 413 ? { connection: "close" } : {}),
    });
    res.end(body);
    return;
  }
  try {
    res.writeHead(reply.status, reply.headers);
  } catch (error) {
    await body[Symbol.asyncIterator]().return?.();
    throw error;
  }
  await writeStream(res, body, signal);
}

async function writeStream(
  res: ServerResponse,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const ping = watch(PING_MS, function beat() {
    if (res.destroyed) {
      return;
    }
    if (!res.writableEnded && !res.writableNeedDrain) {
      res.write(PING);
    }
    rewatch(ping, PING_MS);
  });
  try {
    for await (const chunk of body) {
      touch(ping, PING_MS);
      if (!res.destroyed && !res.write(chunk)) {
        await drained(res, signal);
      }
      if (res.destroyed) {
        // Its `close` may have come while nobody listened; leaving the loop settles the request.
        return;
      }
    }
    res.end();
  } finally {
    unwatch(ping);
  }
}

/**
 * Resolves when the client has read on, or is gone, or the request was cut: then its last event is
 * all that is still to be written. `slow-clients.ts` ends those who read nothing.
 */
function drained(res: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (res.destroyed || signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      res.off("drain", done);
      res.off("close", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    res.once("drain", done);
    res.once("close", done);
    signal.addEventListener("abort", done, { once: true });
  });
}
