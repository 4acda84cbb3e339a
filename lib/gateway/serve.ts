import { getEnv, SettingsError } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { getLog } from "#lib/log.ts";
import { unwatch, watch } from "#lib/providers/watchdog.ts";
import { tooLarge } from "./body.ts";
import { clientClosed, type Exchange, openExchange, type Reply } from "./exchange.ts";
import { PING, PING_MS } from "./pings.ts";
import { refuse } from "./respond.ts";
import { routeRequest } from "./router.ts";
import { isBehindOwnServer } from "./runtime.ts";
import { start } from "./start.ts";

/**
 * The Next door: the same gateway behind route handlers, for serverless hosts and for
 * `CONDUIT_DOOR=next`. Every method and path goes through the one router.
 */
export async function serve(request: Request): Promise<Response> {
  const exchange = exchangeOf(request);
  try {
    await start();
    const path = new URL(request.url).pathname.slice(getEnv().basePath.length);
    return toResponse(await routeRequest(request.method, path, exchange));
  } catch (error) {
    return toResponse(refuse(exchange, undefined, cannotStart(error)));
  }
}

/** A host that cannot start the gateway says why: the setting's name is for its operator to read. */
function cannotStart(cause: unknown): ConduitError {
  getLog().error({ err: cause }, "the gateway could not start");
  const reason = cause instanceof SettingsError ? cause.message : "The gateway could not start.";
  return new ConduitError("not_ready", { message: reason, retryAfterMs: 5000, cause });
}

function exchangeOf(request: Request): Exchange {
  const cut = new AbortController();
  request.signal.addEventListener("abort", () => cut.abort(clientClosed()), { once: true });
  return {
    ...openExchange(),
    header: (name) => request.headers.get(name) ?? undefined,
    readBody: () => readBody(request),
    ip: addressOf(request),
    cut,
    signal: cut.signal,
  };
}

/**
 * The client's address, which a route handler cannot take from a socket: from Vercel, which writes
 * this header over whatever a client sent, or from our own server, which does so with its own. A
 * host that does neither leaves it unknown, because anybody could write either header there.
 */
function addressOf(request: Request): string | null {
  const { onVercel } = getEnv();
  if (onVercel) {
    return request.headers.get("x-real-ip");
  }
  return isBehindOwnServer() ? request.headers.get("x-conduit-client-ip") || null : null;
}

async function readBody(request: Request): Promise<Uint8Array> {
  const limit = getEnv().maxBodyBytes;
  if (Number(request.headers.get("content-length") ?? 0) > limit) {
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > limit) {
      throw tooLarge();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toResponse(reply: Reply): Response {
  const { body } = reply;
  if (typeof body === "string" || body instanceof Uint8Array) {
    // A reply's bytes are never backed by shared memory, which is all the wider type allows.
    return new Response(body as string | Uint8Array<ArrayBuffer>, reply);
  }
  return new Response(pullStream(body), reply);
}

/** A stream that reads only when it is read from: `start` and `enqueue` would buffer everything. */
function pullStream(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  let asked: Promise<IteratorResult<Uint8Array, undefined>> | undefined;
  return new ReadableStream(
    {
      async pull(controller) {
        asked ??= iterator.next();
        const next = await orSilence(asked);
        if (next === undefined) {
          controller.enqueue(Buffer.from(PING));
          return;
        }
        asked = undefined;
        if (next.done === true) {
          controller.close();
        } else {
          controller.enqueue(next.value);
        }
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** What a read gives, or nothing when it has been silent for as long as nobody on the way likes. */
async function orSilence<T>(read: Promise<T>): Promise<T | undefined> {
  const silence = Promise.withResolvers<undefined>();
  const timer = watch(PING_MS, () => silence.resolve(undefined));
  try {
    return await Promise.race([read, silence.promise]);
  } finally {
    unwatch(timer);
  }
}
