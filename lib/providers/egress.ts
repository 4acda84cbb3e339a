import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { isIP, type Socket } from "node:net";
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from "undici";
import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { singleton } from "#lib/singleton.ts";
import {
  checkAddress,
  checkHost,
  type EgressPolicy,
  PUBLIC_ONLY,
  type UrlVerdict,
  upstreamPolicy,
} from "./egress-policy.ts";

const CONNECT_TIMEOUT_MS = 3000;
const CONNECTIONS_PER_ORIGIN = 256;
const MAX_HEADER_BYTES = 32 * 1024;

/** The connection pool for configured upstreams. */
export function upstreamDispatcher(): Dispatcher {
  return singleton("egress.upstream", () => {
    const proxy = getEnv().egressProxy;
    return proxy === undefined ? makeAgent(upstreamPolicy()) : new ProxyAgent(proxy);
  });
}

/** How configured addresses are resolved, for a client that opens its own sockets. */
export function upstreamLookup(): ReturnType<typeof guardedLookup> {
  return guardedLookup(upstreamPolicy());
}

/** The connection pool for addresses that callers name; it never shares a socket with the other. */
export function publicDispatcher(): Dispatcher {
  return singleton("egress.public", () => makeAgent(PUBLIC_ONLY));
}

/** What a connection test sees of a connection that is made for it alone. */
export interface ConnectWatcher {
  /** The name was resolved, or the address was given outright. */
  onResolved(): void;
  /** The socket stands, and TLS with it where the URL asks for it. */
  onConnected(): void;
}

/**
 * A pool for one test, under the same rules as the others: a connection of its own, so that every
 * step is really taken. `undefined` behind a proxy, which makes the connections itself.
 */
export function watchedDispatcher(watcher: ConnectWatcher): Agent | undefined {
  return getEnv().egressProxy === undefined ? makeAgent(upstreamPolicy(), watcher) : undefined;
}

/** Closes both pools; calls under way are cut. */
export async function closeEgress(): Promise<void> {
  await Promise.all([upstreamDispatcher().destroy(), publicDispatcher().destroy()]);
}

function makeAgent(policy: EgressPolicy, watcher?: ConnectWatcher): Agent {
  return new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    // The gateway's own watchdog keeps time; undici's timers have a grain of a second.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 60_000,
    maxHeaderSize: MAX_HEADER_BYTES,
    allowH2: false,
    connect: guardedConnector(policy, watcher),
  });
}

function guardedConnector(
  policy: EgressPolicy,
  watcher?: ConnectWatcher,
): buildConnector.connector {
  // undici passes these on to `net.connect`, whose `lookup` is the documented hook.
  const options = {
    timeout: CONNECT_TIMEOUT_MS,
    allowH2: false,
    keepAlive: true,
    lookup: guardedLookup(policy, watcher),
  } as buildConnector.BuildOptions;
  const connect = buildConnector(options);
  return (target, callback) => {
    const verdict = checkHost(target.hostname, policy);
    if (!verdict.allowed) {
      callback(refusal(verdict), null);
      return;
    }
    if (isIP(target.hostname.replace(/^\[|\]$/g, "")) !== 0) {
      watcher?.onResolved();
    }
    connect(target, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      const reached = checkSocket(socket, target.hostname, policy);
      if (reached.allowed) {
        watcher?.onConnected();
        callback(null, socket);
        return;
      }
      socket.destroy();
      callback(refusal(reached), null);
    });
  };
}

function checkSocket(socket: Socket, host: string, policy: EgressPolicy): UrlVerdict {
  return socket.remoteAddress === undefined
    ? { allowed: false, reason: "The connection closed before its address was known." }
    : checkAddress(socket.remoteAddress, host, policy);
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** Resolves every address of a name and refuses the name when any of them is out of bounds. */
function guardedLookup(policy: EgressPolicy, watcher?: ConnectWatcher) {
  return (host: string, options: LookupOptions, callback: LookupCallback): void => {
    dnsLookup(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      for (const { address } of addresses) {
        const verdict = checkAddress(address, host, policy);
        if (!verdict.allowed) {
          callback(refusal(verdict), []);
          return;
        }
      }
      watcher?.onResolved();
      answerLookup(addresses, options, callback);
    });
  };
}

function answerLookup(
  addresses: LookupAddress[],
  options: LookupOptions,
  callback: LookupCallback,
): void {
  const first = addresses[0];
  if (options.all === true || first === undefined) {
    callback(null, addresses);
    return;
  }
  callback(null, first.address, first.family);
}

function refusal(verdict: UrlVerdict): ConduitError {
  return new ConduitError("upstream_refused_address", {
    message: `The deployment's address may not be called: ${verdict.reason ?? "it is not allowed"}`,
    upstream: { kind: "rejected" },
  });
}
