import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { isIP, type Socket } from "node:net";
import ipaddr from "ipaddr.js";
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from "undici";
import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { singleton } from "#lib/singleton.ts";

/**
 * Where upstream calls may go. A private address needs to be on the allow list, link-local and
 * cloud-metadata addresses never are. The rule is applied three times, because each place is blind
 * to something: to the URL's literal (a lookup hook is not called for literals), to every resolved
 * address, and to the address that the socket really reached.
 */
export interface EgressPolicy {
  /** Networks that are allowed although they are private, as `10.0.0.0/8`. */
  networks: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];
  /** Host names whose private addresses are allowed. */
  hosts: ReadonlySet<string>;
}

export interface UrlVerdict {
  allowed: boolean;
  /** A sentence for the one who set the URL. */
  reason?: string;
}

/** Metadata services of clouds that live outside the link-local ranges. */
const METADATA_ADDRESSES = new Set([
  "100.100.100.200",
  "fd00:ec2::254",
  "192.0.0.192",
  // Azure's, inside a public range.
  "168.63.129.16",
]);
const METADATA_HOSTS = new Set(["metadata.google.internal", "metadata", "instance-data"]);
const LOCAL_DEFAULT = ["127.0.0.0/8", "::1"];

/** The policy for configured upstreams: `CONDUIT_EGRESS_ALLOW`, with the local default. */
function upstreamPolicy(): EgressPolicy {
  return singleton("egress.policy", () => {
    const env = getEnv();
    const local = env.databaseUrl === undefined || env.mode === "development";
    return parsePolicy(env.egressAllow ?? (local ? LOCAL_DEFAULT : []));
  });
}

/** The policy for addresses that callers name (remote images): public ones alone, always. */
export const PUBLIC_ONLY: EgressPolicy = { networks: [], hosts: new Set() };

/** Reads an allow list of CIDRs, addresses and host names. */
export function parsePolicy(entries: readonly string[]): EgressPolicy {
  const networks: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];
  const hosts = new Set<string>();
  for (const entry of entries) {
    if (ipaddr.isValidCIDR(entry)) {
      networks.push(ipaddr.parseCIDR(entry));
    } else if (ipaddr.isValid(entry)) {
      const address = ipaddr.parse(entry);
      networks.push([address, address.kind() === "ipv4" ? 32 : 128]);
    } else {
      hosts.add(entry.toLowerCase());
    }
  }
  return { networks, hosts };
}

/** Whether a base URL may be called, judged by what is written in it; names are judged when resolved. */
export function checkUpstreamUrl(text: string, policy = upstreamPolicy()): UrlVerdict {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return { allowed: false, reason: "The URL has to begin with http:// or https://." };
  }
  if (url.username !== "" || url.password !== "") {
    return { allowed: false, reason: "The URL must not hold a user name or a password." };
  }
  return checkHost(url.hostname, policy);
}

function checkHost(hostname: string, policy: EgressPolicy): UrlVerdict {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (METADATA_HOSTS.has(host.replace(/\.$/, ""))) {
    return { allowed: false, reason: `${host} is a cloud metadata service.` };
  }
  return isIP(host) === 0 ? { allowed: true } : checkAddress(host, host, policy);
}

/** Whether a socket may be opened to `address`, which was written or resolved for `host`. */
export function checkAddress(address: string, host: string, policy: EgressPolicy): UrlVerdict {
  const parsed = unmapped(ipaddr.parse(address.split("%")[0] ?? address));
  const text = parsed.toString();
  if (parsed.range() === "linkLocal" || METADATA_ADDRESSES.has(text)) {
    return { allowed: false, reason: `${text} is a link-local or cloud metadata address.` };
  }
  if (parsed.range() === "unicast" || isAllowed(parsed, host, policy)) {
    return { allowed: true };
  }
  return {
    allowed: false,
    reason: `${text} is a private address. Add it or its host name to CONDUIT_EGRESS_ALLOW to permit it.`,
  };
}

/** Mapped, translated and tunnelled IPv6 forms carry an IPv4 address, and that one is judged. */
function unmapped(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()) {
    return address.toIPv4Address();
  }
  return address;
}

function isAllowed(
  address: ipaddr.IPv4 | ipaddr.IPv6,
  host: string,
  policy: EgressPolicy,
): boolean {
  return (
    policy.hosts.has(host.toLowerCase()) ||
    policy.networks.some(
      ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
    )
  );
}

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

/** The connection pool for addresses that callers name; it never shares a socket with the other. */
export function publicDispatcher(): Dispatcher {
  return singleton("egress.public", () => makeAgent(PUBLIC_ONLY));
}

/** Closes both pools; calls under way are cut. */
export async function closeEgress(): Promise<void> {
  await Promise.all([upstreamDispatcher().destroy(), publicDispatcher().destroy()]);
}

function makeAgent(policy: EgressPolicy): Agent {
  return new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    // The gateway's own watchdog keeps time; undici's timers have a grain of a second.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 60_000,
    maxHeaderSize: MAX_HEADER_BYTES,
    allowH2: false,
    connect: guardedConnector(policy),
  });
}

function guardedConnector(policy: EgressPolicy): buildConnector.connector {
  // undici passes these on to `net.connect`, whose `lookup` is the documented hook.
  const options = {
    timeout: CONNECT_TIMEOUT_MS,
    allowH2: false,
    keepAlive: true,
    lookup: guardedLookup(policy),
  } as buildConnector.BuildOptions;
  const connect = buildConnector(options);
  return (target, callback) => {
    const verdict = checkHost(target.hostname, policy);
    if (!verdict.allowed) {
      callback(refusal(verdict), null);
      return;
    }
    connect(target, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      const reached = checkSocket(socket, target.hostname, policy);
      if (reached.allowed) {
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
function guardedLookup(policy: EgressPolicy) {
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
