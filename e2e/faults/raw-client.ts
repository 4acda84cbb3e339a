import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import type { Gateway } from "#lib/testing/gateway.ts";

/** A streamed question whose caller the test holds by the hand. */
export interface HeldCall {
  /** Resolves with the answer's head; rejects when the connection breaks first. */
  head: Promise<IncomingMessage>;
  /** Resolves once so many events with content, or the whole answer, have been read. */
  whenEvents: (count: number) => Promise<void>;
  /** What was read so far. */
  text: () => string;
  /** Stops reading: what is sent from now on stays in the sockets. */
  pause: () => void;
  resume: () => void;
  /** Breaks the connection; gives `performance.now()` of that moment. */
  hangUp: () => number;
  /** Resolves when the connection is gone, whoever ended it. */
  closed: Promise<void>;
}

/** Asks for a chat completion over a connection of its own. */
export function holdCall(
  gateway: Pick<Gateway, "port">,
  key: string,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): HeldCall {
  const asked = request({
    host: "127.0.0.1",
    port: gateway.port,
    method: "POST",
    path: "/v1/chat/completions",
    agent: false,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
  });
  const reader = makeReader();
  const head = new Promise<IncomingMessage>((resolve, reject) => {
    asked.once("error", reject);
    asked.once("response", (reply) => {
      reply.setEncoding("utf8").on("data", reader.take).on("end", reader.end);
      // A connection that breaks is an ending like others here.
      reply.on("error", reader.end);
      resolve(reply);
    });
  });
  // A test that hangs up before the head is not interested in how it failed.
  head.catch(() => undefined);
  const paused = pauser(asked, head);
  asked.end(JSON.stringify({ messages: [{ role: "user", content: "Hello!" }], ...body }));
  return {
    head,
    whenEvents: reader.whenEvents,
    text: reader.text,
    ...paused,
    hangUp: () => {
      asked.destroy();
      return performance.now();
    },
    closed: new Promise((resolve) => asked.once("close", () => resolve())),
  };
}

function pauser(asked: ClientRequest, head: Promise<IncomingMessage>) {
  let reply: IncomingMessage | undefined;
  void head.then(
    (found) => {
      reply = found;
    },
    () => undefined,
  );
  return {
    pause: () => {
      reply?.pause();
      asked.socket?.pause();
    },
    resume: () => {
      asked.socket?.resume();
      reply?.resume();
    },
  };
}

const CONTENT = '"content":"';

function makeReader() {
  const chunks: string[] = [];
  let tail = "";
  let isOver = false;
  let events = 0;
  const waiting: { count: number; resolve: () => void }[] = [];
  /** Only what is new is looked through: answers of many megabytes come in small pieces. */
  const count = (chunk: string): void => {
    const piece = tail + chunk;
    let from = 0;
    for (let at = piece.indexOf(CONTENT); at !== -1; at = piece.indexOf(CONTENT, from)) {
      const first = piece[at + CONTENT.length];
      if (first === undefined) {
        break;
      }
      events += first === '"' ? 0 : 1;
      from = at + CONTENT.length;
    }
    tail = piece.slice(Math.max(from, piece.length - CONTENT.length));
  };
  const tell = (): void => {
    for (const one of waiting.filter((each) => isOver || each.count <= events)) {
      waiting.splice(waiting.indexOf(one), 1);
      one.resolve();
    }
  };
  return {
    text: () => chunks.join(""),
    take: (chunk: string) => {
      chunks.push(chunk);
      count(chunk);
      tell();
    },
    end: () => {
      isOver = true;
      tell();
    },
    whenEvents: (wanted: number) =>
      new Promise<void>((resolve) => {
        waiting.push({ count: wanted, resolve });
        tell();
      }),
  };
}

/** A bare TCP connection: every byte is the test's. */
export interface RawSocket {
  socket: Socket;
  send: (bytes: string | Uint8Array) => void;
  /** What came back so far. */
  received: () => string;
  /** Resolves when what came back fulfils the pattern; rejects when the connection ends first. */
  whenReceived: (pattern: RegExp) => Promise<void>;
  /** Resolves with everything that came, when the other side has closed. */
  closed: Promise<string>;
}

export function openRaw(port: number): Promise<RawSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true, noDelay: true });
    let received = "";
    const watchers = new Set<() => void>();
    const look = (): void => {
      for (const watcher of watchers) {
        watcher();
      }
    };
    socket.setEncoding("latin1").on("data", (text: string) => {
      received += text;
      look();
    });
    const closed = new Promise<string>((done) => {
      socket.once("end", () => socket.destroy());
      socket.once("close", () => {
        look();
        done(received);
      });
    });
    socket.once("error", reject);
    socket.on("error", () => socket.destroy());
    socket.once("connect", () =>
      resolve({
        socket,
        send: (bytes) => void socket.write(bytes),
        received: () => received,
        whenReceived: (pattern) =>
          new Promise((found, lost) => {
            const watcher = (): void => {
              if (pattern.test(received)) {
                watchers.delete(watcher);
                found();
              } else if (socket.destroyed) {
                watchers.delete(watcher);
                lost(new Error(`The connection ended after: ${received}`));
              }
            };
            watchers.add(watcher);
            watcher();
          }),
        closed,
      }),
    );
  });
}

/** The bytes of a good chat request. */
export function rawChat(
  key: string,
  body: Record<string, unknown>,
  headers: readonly string[] = [],
): string {
  const text = JSON.stringify({ messages: [{ role: "user", content: "Hello!" }], ...body });
  return [
    "POST /v1/chat/completions HTTP/1.1",
    "host: gateway",
    `authorization: Bearer ${key}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(text)}`,
    ...headers,
    "",
    text,
  ].join("\r\n");
}
