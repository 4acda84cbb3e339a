import type { LookupAddress, LookupOptions } from "node:dns";
import { Agent, type Dispatcher, Pool, ProxyAgent } from "undici";
import { getEnv } from "#lib/env.ts";
import { singleton } from "#lib/singleton.ts";
import { type EgressPolicy, PUBLIC_ONLY, upstreamPolicy } from "./egress-policy.ts";
import {
  answerLookup,
  CONNECT_TIMEOUT_MS,
  type ConnectWatcher,
  guardedConnector,
  resolveAllowed,
  TLS_TIMEOUT_MS,
} from "./guarded-connect.ts";

/** No bound on connections: one more stream than it would wait for another one's end, unseen. */
const POOL = {
  // The gateway's own watchdog keeps time; undici's timers have a grain of a second.
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: 10_000,
  keepAliveMaxTimeout: 60_000,
  maxHeaderSize: 32 * 1024,
  allowH2: false,
} as const;

/** The connection pool for configured upstreams. */
export function upstreamDispatcher(): Dispatcher {
  return singleton("egress.upstream", () => makeUpstream({ keepsAlive: true }));
}

/** Opens a connection for each call, for one whose kept-alive connection turned out to be dead. */
export function freshDispatcher(): Dispatcher {
  return singleton("egress.fresh", () => makeUpstream({ keepsAlive: false }));
}

/** How configured addresses are resolved, for a client that opens its own sockets. */
export function upstreamLookup() {
  return (
    host: string,
    options: LookupOptions,
    callback: (
      error: NodeJS.ErrnoException | null,
      address: string | LookupAddress[],
      family?: number,
    ) => void,
  ): void => {
    resolveAllowed(host, upstreamPolicy()).then(
      (addresses) => answerLookup(addresses, options, callback),
      (error: Error) => callback(error, []),
    );
  };
}

/** The connection pool for addresses that callers name; it never shares a socket with the other. */
export function publicDispatcher(): Dispatcher {
  return singleton("egress.public", () => makeAgent(PUBLIC_ONLY, {}));
}

/**
 * A pool for one test, under the same rules as the others: a connection of its own, so that every
 * step is really taken. `undefined` behind a proxy, which makes the connections itself.
 */
export function watchedDispatcher(watcher: ConnectWatcher): Agent | undefined {
  return getEnv().egressProxy === undefined ? makeAgent(upstreamPolicy(), { watcher }) : undefined;
}

/** Closes the pools; calls under way are cut. */
export async function closeEgress(): Promise<void> {
  await Promise.all([
    upstreamDispatcher().destroy(),
    freshDispatcher().destroy(),
    publicDispatcher().destroy(),
  ]);
}

function makeUpstream({ keepsAlive }: { keepsAlive: boolean }): Dispatcher {
  const { egressProxy } = getEnv();
  const extra = keepsAlive ? {} : { pipelining: 0 };
  return egressProxy === undefined
    ? makeAgent(upstreamPolicy(), extra)
    : makeProxied(egressProxy, extra);
}

interface Extra {
  /** 0 closes each connection after its one request. */
  pipelining?: number;
  watcher?: ConnectWatcher;
}

function makeAgent(policy: EgressPolicy, { watcher, ...extra }: Extra): Agent {
  return new Agent({ ...POOL, ...extra, connect: guardedConnector(policy, watcher) });
}

/** Pools through a proxy: they need our limits too, or undici's own would end a long thought. */
function makeProxied(uri: string, extra: Omit<Extra, "watcher">): ProxyAgent {
  return new ProxyAgent({
    ...POOL,
    ...extra,
    uri,
    connectTimeout: CONNECT_TIMEOUT_MS + TLS_TIMEOUT_MS,
    factory: (origin, options) => new Pool(origin, { ...options, ...POOL, ...extra }),
  });
}
