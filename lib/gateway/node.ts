import type { IncomingMessage, ServerResponse } from "node:http";
import { getEnv } from "#lib/env.ts";
import { rewatch, touch, unwatch, watch } from "#lib/providers/watchdog.ts";
import { tooLarge } from "./body.ts";
import { clientClosed, clientIp, type Exchange, openExchange, type Reply } from "./exchange.ts";
import { routeRequest } from "./router.ts";

/** A client that reads nothing for this long is gone in all but name. */
const WRITE_STALL_MS = 60_000;
/** Silence after which a stream gets a comment, so that proxies on the way keep it open. */
const PING_MS = 15_000;
const PING = ": ping\n\n";
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
    .then((reply) => write(res, reply))
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
  return {
    ...openExchange(),
    header: (name) => headerOf(req, name),
    readBody: () => readBody(req),
    ip: clientIp(req.socket.remoteAddress, headerOf(req, "x-forwarded-for")),
    cut,
    signal: cut.signal,
  };
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
    req.once("error", reject);
  });
}

async function write(res: ServerResponse, reply: Reply): Promise<void> {
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
  await writeStream(res, body);
}

async function writeStream(res: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
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
        await drained(res);
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

/** Resolves when the client has read on, or is gone; a stalled one is cut off. */
function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (res.destroyed) {
      resolve();
      return;
    }
    const stall = watch(WRITE_STALL_MS, () => res.destroy());
    const done = (): void => {
      unwatch(stall);
      res.off("drain", done);
      res.off("close", done);
      resolve();
    };
    res.once("drain", done);
    res.once("close", done);
  });
}
