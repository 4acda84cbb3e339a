import { readdirSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import { ConduitError } from "#lib/errors.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";

/** For the database's files and connections, the journal and what else a process opens now and then. */
const MOST_RESERVED = 256;
/** A caller's connection needs a second one, to the provider. */
const PER_CALLER = 2;
const LEAST_CONNECTIONS = 32;
/** Connections beyond the bound that are still taken: probes and scripts, and callers to be told no. */
const ABOVE_BOUND_SHARE = 0.1;
const MOST_ABOVE_BOUND = 64;
const COME_BACK_MS = 1000;
/** How long a refusal shows in `/readyz`, and how long the log says nothing more of it. */
const RECENT_MS = 10_000;

interface Connections {
  open: number;
  /** More than these are too many; `Infinity` where nobody knows. */
  bound: number;
  refused: number;
  refusedAtMs: number;
  loggedAtMs: number;
}

function connections(): Connections {
  return singleton("gateway.descriptors", () => ({
    open: 0,
    bound: Number.POSITIVE_INFINITY,
    refused: 0,
    refusedAtMs: Number.NEGATIVE_INFINITY,
    loggedAtMs: Number.NEGATIVE_INFINITY,
  }));
}

/**
 * Takes no more callers than there are file descriptors for, both sides counted. Without a bound the
 * last descriptor goes to a caller, and then neither a provider nor the journal gets one. Above the
 * bound inference is refused with 503 and probes are answered; a little above it the connection
 * itself is closed. Where the limit cannot be read (outside Linux) there is no bound.
 */
export function limitConnections(server: Server): void {
  const most = mostConnections(openFilesLimit(), openFiles());
  if (most === undefined) {
    return;
  }
  const state = connections();
  state.bound = most - Math.min(MOST_ABOVE_BOUND, Math.floor(most * ABOVE_BOUND_SHARE));
  server.maxConnections = most;
  server.on("connection", (socket) => {
    state.open += 1;
    if (state.open > state.bound) {
      // Whoever is only kept alive makes room for who has something to ask.
      server.closeIdleConnections();
    }
    socket.once("close", () => {
      state.open -= 1;
    });
  });
  server.prependListener("request", (_request, response) => {
    if (isCrowded()) {
      response.shouldKeepAlive = false;
    }
  });
  server.on("drop", () => {
    noteRefusal();
    server.closeIdleConnections();
  });
}

/** How many connections there is room for; `undefined` when nobody knows. */
export function mostConnections(
  limit: number | undefined,
  inUse: number | undefined,
): number | undefined {
  if (limit === undefined || inUse === undefined) {
    return undefined;
  }
  const reserved = Math.min(MOST_RESERVED, Math.floor(limit / 4));
  return Math.max(LEAST_CONNECTIONS, Math.floor((limit - inUse - reserved) / PER_CALLER));
}

/** Throws `server_overloaded` (503 with `retry-after`) while there are more callers than room. */
export function assertRoomForCaller(): void {
  if (isCrowded()) {
    noteRefusal();
    throw new ConduitError("server_overloaded", {
      message: "The gateway has as many open connections as its file descriptors allow.",
      retryAfterMs: COME_BACK_MS,
    });
  }
}

function isCrowded(): boolean {
  const { open, bound } = connections();
  return open > bound;
}

function noteRefusal(): void {
  const state = connections();
  const nowMs = performance.now();
  state.refused += 1;
  state.refusedAtMs = nowMs;
  if (nowMs - state.loggedAtMs > RECENT_MS) {
    state.loggedAtMs = nowMs;
    getLog().error(
      { open: state.open, bound: state.bound, refused: state.refused },
      "callers are refused: no file descriptor would be left (see ulimit -n)",
    );
  }
}

/** How many callers were refused since the start, and whether one was a moment ago. */
export function refusedConnections(): { count: number; isRecent: boolean } {
  const { refused, refusedAtMs } = connections();
  return { count: refused, isRecent: performance.now() - refusedAtMs < RECENT_MS };
}

function openFilesLimit(): number | undefined {
  const text = read(() => readFileSync("/proc/self/limits", "utf8"));
  const [, soft] = /^Max open files\s+(\d+)/m.exec(text ?? "") ?? [];
  return soft === undefined ? undefined : Number(soft);
}

function openFiles(): number | undefined {
  return read(() => readdirSync("/proc/self/fd").length);
}

function read<T>(from: () => T): T | undefined {
  try {
    return from();
  } catch {
    // There is no /proc here.
    return undefined;
  }
}
