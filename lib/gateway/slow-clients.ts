import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { isTrustedProxy } from "./exchange.ts";

/** What a client may cost that does not read, does not write, or never says who it is. */
export interface ClientLimits {
  /** How long a client may read nothing of what waits for it. */
  writeStallMs: number;
  /** How long a body may come as slowly as it likes, and how fast it has to be on average after that. */
  bodyGraceMs: number;
  bodyBytesPerSecond: number;
  /** Connections of one address that only wait for their client and never had a request accepted. */
  strangersPerIp: number;
  /** How old such a connection is before it counts: whoever connects a hundred times at once may speak. */
  strangerGraceMs: number;
  sweepMs: number;
}

export const CLIENT_LIMITS: Omit<ClientLimits, "writeStallMs"> = {
  bodyGraceMs: 10_000,
  bodyBytesPerSecond: 1024,
  strangersPerIp: 100,
  strangerGraceMs: 5000,
  sweepMs: 1000,
};

/** One connection and the request that it brought last. */
interface Held {
  sinceMs: number;
  isKnown: boolean;
  request: IncomingMessage | undefined;
  response: ServerResponse | undefined;
  requestAtMs: number;
  bytesBefore: number;
}

const known = new WeakSet<Socket>();

/** Notes that a key was accepted on this connection. */
export function vouchFor(socket: Socket): void {
  known.add(socket);
}

/**
 * Ends connections whose clients hold on to what they do not use: readers that read nothing, bodies
 * that trickle in, and crowds of connections from one address that never come to ask anything. What
 * comes through a trusted proxy is the proxy's to bound, since all of it has one address.
 *
 * Headers that trickle in are Node's own affair (`headersTimeout`).
 */
export function guardSlowClients(server: Server, limits: ClientLimits): void {
  const connections = new Map<Socket, Held>();
  // Node tells of a socket on which nothing has moved for so long, and looks at its write queue too.
  server.timeout = limits.writeStallMs;
  server.on("connection", (socket: Socket) => {
    connections.set(socket, newlyHeld());
    socket.once("close", () => connections.delete(socket));
  });
  server.prependListener("request", (request, response) => {
    response.on("timeout", endStalledReader);
    const held = connections.get(request.socket);
    if (held !== undefined) {
      held.isKnown ||= wasAccepted(held.response);
      held.request = request;
      held.response = response;
      held.requestAtMs = performance.now();
      held.bytesBefore = request.socket.bytesRead;
    }
  });
  let lastMs = performance.now();
  setInterval(() => {
    const lateMs = performance.now() - lastMs - limits.sweepMs;
    lastMs += lateMs + limits.sweepMs;
    if (lateMs > limits.sweepMs) {
      // The process stood still, and what came meanwhile has not been read yet.
      forgive(connections, lateMs);
    } else {
      sweep(connections, limits);
    }
  }, limits.sweepMs).unref();
}

/** Takes the time that we were away ourselves off everybody's account. */
function forgive(connections: ReadonlyMap<Socket, Held>, ms: number): void {
  for (const held of connections.values()) {
    held.sinceMs += ms;
    held.requestAtMs += ms;
  }
}

function newlyHeld(): Held {
  return {
    sinceMs: performance.now(),
    isKnown: false,
    request: undefined,
    response: undefined,
    requestAtMs: 0,
    bytesBefore: 0,
  };
}

/** A socket on which nothing moved is stalled when something waits in it; else we are the slow side. */
function endStalledReader(socket: Socket): void {
  if (socket.writableLength > 0) {
    socket.destroy();
  } else {
    socket.setTimeout(socket.timeout ?? 0);
  }
}

function wasAccepted(response: ServerResponse | undefined): boolean {
  return response?.headersSent === true && response.statusCode < 400;
}

function sweep(connections: ReadonlyMap<Socket, Held>, limits: ClientLimits): void {
  const nowMs = performance.now();
  const strangers: Socket[] = [];
  for (const [socket, held] of connections) {
    if (isBodyTooSlow(socket, held, { nowMs, limits })) {
      refuseSlowBody(socket, held);
    } else if (nowMs - held.sinceMs > limits.strangerGraceMs && isStranger(socket, held)) {
      strangers.push(socket);
    }
  }
  const crowds = Map.groupBy(strangers, (socket) => socket.remoteAddress ?? "");
  for (const [ip, crowd] of crowds) {
    const surplus = isTrustedProxy(ip) ? 0 : Math.max(0, crowd.length - limits.strangersPerIp);
    // The oldest have had the longest time to say something.
    for (const socket of crowd.slice(0, surplus)) {
      socket.destroy();
    }
  }
}

/** Whether a connection waits for its client, and nothing that came over it was ever accepted. */
function isStranger(socket: Socket, held: Held): boolean {
  held.isKnown ||= known.has(socket) || wasAccepted(held.response);
  const isServed = held.request?.complete === true && held.response?.writableEnded === false;
  return !held.isKnown && !isServed;
}

function isBodyTooSlow(
  socket: Socket,
  { request, requestAtMs, bytesBefore }: Held,
  { nowMs, limits }: { nowMs: number; limits: ClientLimits },
): boolean {
  // What lies unread on our side is not late.
  if (request === undefined || request.complete || request.readableLength > 0) {
    return false;
  }
  const elapsedMs = nowMs - requestAtMs;
  const bytes = socket.bytesRead - bytesBefore;
  return elapsedMs > limits.bodyGraceMs && bytes * 1000 < limits.bodyBytesPerSecond * elapsedMs;
}

/** The same words that Node has for headers that come too slowly. */
function refuseSlowBody(socket: Socket, { response }: Held): void {
  if (response?.headersSent === false && socket.writable) {
    socket.write("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
  }
  socket.destroySoon();
}
