import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * One step of a reply. Text and bytes are sent as they stand, each as one write; the objects wait,
 * wait for something outside, keep the connection open for ever, or break it with a TCP reset.
 */
export type Step =
  | string
  | Uint8Array
  | { waitMs: number }
  | { until: Promise<unknown> }
  | { hang: true }
  | { reset: true };

/** What the fake answers. Without `body`, `json` or `steps` the answer has no body. */
export interface Reply {
  /** Default 200. */
  status?: number;
  headers?: Readonly<Record<string, string | string[]>>;
  /** Wait before the first byte, headers included. */
  delayMs?: number;
  /** Sent as JSON with `content-type: application/json` unless `headers` says otherwise. */
  json?: unknown;
  body?: string | Uint8Array;
  steps?: readonly Step[];
  /** Cuts everything that is sent into writes of this many bytes, also inside a character. */
  splitBytes?: number;
  /**
   * The steps are the whole of what goes over the socket, status line and headers included; the
   * connection is closed afterwards. For replies that no HTTP library would produce.
   */
  raw?: boolean;
}

/** One request as the fake saw it. */
export interface FakeRequest {
  method: string;
  /** Path with query. */
  path: string;
  headers: IncomingMessage["headers"];
  /** Names and values in the order and spelling of the wire. */
  rawHeaders: string[];
  body: Buffer;
  /** The body parsed as JSON; throws when it is none. */
  json: () => unknown;
  /** `performance.now()` when the headers had arrived. */
  atMs: number;
  /** Bytes of the answer that were handed to the operating system so far. */
  sentBytes: number;
  /** How it ended, once it has. */
  ending: FakeEnding | undefined;
  /** Resolves with how it ended. */
  ended: Promise<FakeEnding>;
}

export interface FakeEnding {
  /** `client`: the caller hung up before the answer was complete. */
  by: "server" | "client";
  /** Milliseconds since the request arrived. */
  afterMs: number;
  /** `performance.now()` of the end, to compare with the caller's own clock in this process. */
  atMs: number;
}

/** Decides the reply; `index` counts requests from 0. */
export type FakeHandler = (request: FakeRequest, index: number) => Reply | Promise<Reply>;

export interface FakeUpstream {
  /** `http://127.0.0.1:<port>`, without a path. */
  url: string;
  port: number;
  /** Every request, in the order of arrival. */
  requests: FakeRequest[];
  /** Replaces the handler for the requests to come. */
  replyWith: (handler: FakeHandler) => void;
  /** Resolves when that many requests have arrived. */
  whenRequests: (count: number) => Promise<void>;
  /** Connections that are open now. */
  openConnections: () => number;
  /** Breaks every open connection and stops listening. */
  close: () => Promise<void>;
}

/**
 * An upstream on 127.0.0.1 whose every byte the test decides. It records what it was asked, and
 * notices when a caller hangs up and after how long.
 */
export async function startFakeUpstream(handler: FakeHandler): Promise<FakeUpstream> {
  const state = { handler };
  const requests: FakeRequest[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ keepAlive: true, noDelay: true }, (incoming, response) => {
    void answer(incoming, response);
  });
  server.keepAliveTimeout = 60_000;
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = watchRequest(incoming, response);
    try {
      request.body = await readBody(incoming);
    } catch {
      // The caller hung up while it was still sending: its ending says so.
      return;
    }
    const index = requests.push(request) - 1;
    for (const waiter of waiting.filter((one) => one.count <= requests.length)) {
      waiting.splice(waiting.indexOf(waiter), 1);
      waiter.resolve();
    }
    await play(await replyOf(state.handler, request, index), request, response);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A TCP server that listens on a port has an address object.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    replyWith: (next) => {
      state.handler = next;
    },
    whenRequests: (count) =>
      requests.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ count, resolve })),
    openConnections: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) {
          socket.destroy();
        }
      }),
  };
}

/** A handler that throws is a mistake in the test: the caller is told, instead of waiting for ever. */
async function replyOf(handler: FakeHandler, request: FakeRequest, index: number): Promise<Reply> {
  try {
    return await handler(request, index);
  } catch (error) {
    const text = error instanceof Error ? error.stack : String(error);
    return { status: 500, body: `The fake upstream's handler failed: ${text}` };
  }
}

function watchRequest(incoming: IncomingMessage, response: ServerResponse): FakeRequest {
  const atMs = performance.now();
  let finish: (ending: FakeEnding) => void = () => undefined;
  const request: FakeRequest = {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    body: Buffer.alloc(0),
    json: () => JSON.parse(request.body.toString("utf8")),
    atMs,
    sentBytes: 0,
    ending: undefined,
    ended: new Promise((resolve) => {
      finish = resolve;
    }),
  };
  response.on("close", () => {
    const endMs = performance.now();
    const by = response.writableFinished || brokenByUs.has(response) ? "server" : "client";
    request.ending = { by, afterMs: endMs - atMs, atMs: endMs };
    finish(request.ending);
  });
  return request;
}

/** Answers that the script itself broke off, so that their close is not taken for a hang-up. */
const brokenByUs = new WeakSet<ServerResponse>();

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

async function play(reply: Reply, request: FakeRequest, response: ServerResponse): Promise<void> {
  await sleep(reply.delayMs ?? 0);
  if (response.destroyed) {
    return;
  }
  if (reply.raw === true) {
    await playRaw(reply, request, response);
    return;
  }
  response.writeHead(reply.status ?? 200, headersOf(reply));
  if (reply.steps !== undefined) {
    response.flushHeaders();
  }
  if (await playSteps(reply, request, response)) {
    response.end();
  }
}

async function playRaw(
  reply: Reply,
  request: FakeRequest,
  response: ServerResponse,
): Promise<void> {
  if (await playSteps(reply, request, response)) {
    brokenByUs.add(response);
    response.socket?.end();
  }
}

/** Sends the steps; false when the answer is to stay unfinished, or nobody listens any more. */
async function playSteps(
  reply: Reply,
  request: FakeRequest,
  response: ServerResponse,
): Promise<boolean> {
  const sink = reply.raw === true ? response.socket : response;
  for (const step of stepsOf(reply)) {
    if (sink === null || sink.destroyed || (await breaksOff(step, response))) {
      return false;
    }
    await takeStep(step, sink, request, reply.splitBytes);
  }
  return true;
}

function headersOf(reply: Reply): Record<string, string | string[]> {
  const preset = reply.json === undefined ? {} : { "content-type": "application/json" };
  return { ...preset, ...reply.headers };
}

function stepsOf(reply: Reply): readonly Step[] {
  if (reply.json !== undefined) {
    return [JSON.stringify(reply.json)];
  }
  return reply.steps ?? (reply.body === undefined ? [] : [reply.body]);
}

/** Plays the steps that leave the answer unfinished; true when this was one. */
async function breaksOff(step: Step, response: ServerResponse): Promise<boolean> {
  if (typeof step === "string" || step instanceof Uint8Array) {
    return false;
  }
  if ("hang" in step) {
    return true;
  }
  if ("reset" in step) {
    // What was written before has to leave first: a reset throws away what is still queued.
    await sleep(20);
    brokenByUs.add(response);
    response.socket?.resetAndDestroy();
    return true;
  }
  return false;
}

async function takeStep(
  step: Step,
  sink: Socket | ServerResponse,
  request: FakeRequest,
  splitBytes: number | undefined,
): Promise<void> {
  if (typeof step === "string" || step instanceof Uint8Array) {
    const bytes = typeof step === "string" ? Buffer.from(step, "utf8") : step;
    const size = splitBytes ?? Math.max(1, bytes.length);
    for (let at = 0; at < bytes.length && !sink.destroyed; at += size) {
      await write(sink, bytes.subarray(at, at + size));
      request.sentBytes += Math.min(size, bytes.length - at);
    }
  } else if ("waitMs" in step) {
    await sleep(step.waitMs);
  } else if ("until" in step) {
    await step.until;
  }
}

/** Resolves when the bytes have left, so that a caller that stops reading stops the script too. */
function write(sink: Socket | ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      sink.off("close", done);
      resolve();
    };
    sink.once("close", done);
    sink.write(bytes, done);
  });
}
