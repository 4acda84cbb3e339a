import type { LookupAddress, LookupOptions } from "node:dns";
import { isIP, connect as openSocket, type Socket } from "node:net";
import { buildConnector, errors } from "undici";
import { ConduitError } from "#lib/errors.ts";
import { checkAddress, checkHost, type EgressPolicy, type UrlVerdict } from "./egress-policy.ts";
import { getNames } from "./name-lookup.ts";

/** What a connection test sees of a connection that is made for it alone. */
export interface ConnectWatcher {
  /** The name was resolved, or the address was given outright. */
  onResolved(): void;
  /** The socket stands, and TLS with it where the URL asks for it. */
  onConnected(): void;
}

export const CONNECT_TIMEOUT_MS = 3000;
export const TLS_TIMEOUT_MS = 5000;
const KEEP_ALIVE_MS = 60_000;

/**
 * Opens sockets under the rules of `policy`, each step within its own time: the name in two seconds,
 * the connection in three, TLS in five. What was judged is what is called: the addresses are resolved
 * once, and the address that was reached is judged again.
 */
export function guardedConnector(
  policy: EgressPolicy,
  watcher?: ConnectWatcher,
): buildConnector.connector {
  const secure = buildConnector({ timeout: TLS_TIMEOUT_MS, allowH2: false });
  return (target, callback) => {
    reach(target, policy, watcher).then(
      (socket) => {
        if (target.protocol !== "https:") {
          watcher?.onConnected();
          callback(null, socket);
          return;
        }
        secure({ ...target, httpSocket: socket }, (...[error, secured]) => {
          if (error !== null) {
            socket.destroy();
            callback(isLate(error) ? late("TLS was not agreed", TLS_TIMEOUT_MS) : error, null);
            return;
          }
          watcher?.onConnected();
          callback(null, secured);
        });
      },
      (error: Error) => callback(error, null),
    );
  };
}

function isLate(error: Error): boolean {
  return error instanceof errors.ConnectTimeoutError;
}

/** A TCP connection to the target's host, at an address that the policy allows. */
async function reach(
  target: buildConnector.Options,
  policy: EgressPolicy,
  watcher: ConnectWatcher | undefined,
): Promise<Socket> {
  assertAllowed(checkHost(target.hostname, policy));
  const host = target.hostname.replace(/^\[|\]$/g, "");
  const addresses = await resolveAllowed(host, policy);
  watcher?.onResolved();
  const socket = await openInTime(host, Number(target.port || portOf(target)), addresses);
  try {
    assertAllowed(checkReached(socket, host, policy));
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function portOf({ protocol }: buildConnector.Options): number {
  return protocol === "https:" ? 443 : 80;
}

/** Every address of a host; refuses it when any of them is out of bounds. */
export async function resolveAllowed(host: string, policy: EgressPolicy): Promise<LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) {
    return [{ address: host, family }];
  }
  const addresses = await getNames().resolve(host);
  for (const { address } of addresses) {
    assertAllowed(checkAddress(address, host, policy));
  }
  return addresses;
}

function openInTime(host: string, port: number, addresses: LookupAddress[]): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = openSocket({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      lookup: (_host, options, callback) => answerLookup(addresses, options, callback),
    });
    const timer = setTimeout(() => {
      socket.destroy(late("No connection to the provider was made", CONNECT_TIMEOUT_MS));
    }, CONNECT_TIMEOUT_MS);
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
    // Stays for good: between here and its next owner an error would be nobody's.
    socket.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** Gives addresses in the form that was asked for: all of them, or the first of a family. */
export function answerLookup(
  addresses: LookupAddress[],
  options: LookupOptions,
  callback: LookupCallback,
): void {
  const [first] = addresses;
  if (options.all === true || first === undefined) {
    callback(null, addresses);
    return;
  }
  callback(null, first.address, first.family);
}

function checkReached(socket: Socket, host: string, policy: EgressPolicy): UrlVerdict {
  if (socket.remoteAddress === undefined) {
    throw new ConduitError("upstream_unreachable", {
      message: "The provider closed the connection as soon as it was made.",
      upstream: { kind: "network" },
    });
  }
  return checkAddress(socket.remoteAddress, host, policy);
}

function assertAllowed(verdict: UrlVerdict): void {
  if (!verdict.allowed) {
    throw new ConduitError("upstream_refused_address", {
      message: `The deployment's address may not be called: ${verdict.reason ?? "it is not allowed"}`,
      upstream: { kind: "rejected" },
    });
  }
}

function late(what: string, limitMs: number): ConduitError {
  return new ConduitError("upstream_unreachable", {
    message: `${what} within ${limitMs / 1000} s.`,
    upstream: { kind: "network" },
  });
}
