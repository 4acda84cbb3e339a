import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { getEnv } from "#lib/env.ts";
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
  // Amazon, Google, Oracle and Scaleway over IPv6.
  "fd00:ec2::254",
  "fd20:ce::254",
  "fd00:c1::a9fe:a9fe",
  "fd00:42::42",
  "192.0.0.192",
  // Azure's, inside a public range.
  "168.63.129.16",
]);
const METADATA_HOSTS = new Set(["metadata.google.internal", "metadata", "instance-data"]);
const LOCAL_DEFAULT = ["127.0.0.0/8", "::1"];

/** The policy for configured upstreams: `CONDUIT_EGRESS_ALLOW`, with the local default. */
export function upstreamPolicy(): EgressPolicy {
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

/** Judges a host by what is written; a name passes, for only its addresses can tell. */
export function checkHost(hostname: string, policy: EgressPolicy): UrlVerdict {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (METADATA_HOSTS.has(host.replace(/\.$/, ""))) {
    return { allowed: false, reason: `${host} is a cloud metadata service.` };
  }
  return isIP(host) === 0 ? { allowed: true } : checkAddress(host, host, policy);
}

/** Whether a socket may be opened to `address`, which was written or resolved for `host`. */
export function checkAddress(address: string, host: string, policy: EgressPolicy): UrlVerdict {
  const parsed = ipaddr.process(address.split("%")[0] ?? address);
  const text = parsed.toString();
  const carried = parsed instanceof ipaddr.IPv6 ? carriedAddress(parsed) : undefined;
  if (isNeverAllowed(parsed) || (carried !== undefined && isNeverAllowed(carried))) {
    return { allowed: false, reason: `${text} is a link-local or cloud metadata address.` };
  }
  const isPublic = isGlobal(parsed) && (carried === undefined || isGlobal(carried));
  if (isPublic || isAllowed(parsed, host, policy)) {
    return { allowed: true };
  }
  return {
    allowed: false,
    reason: `${text} is a private address. Add it or its host name to CONDUIT_EGRESS_ALLOW to permit it.`,
  };
}

function isNeverAllowed(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address.range() === "linkLocal" || METADATA_ADDRESSES.has(address.toString());
}

/** All of IPv6 that is routed between networks (RFC 4291, 2.4; as assigned by IANA). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/** An address of the open Internet: neither of a special range nor of a block nobody was given. */
function isGlobal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return (
    address.range() === "unicast" &&
    (address instanceof ipaddr.IPv4 || address.match(...GLOBAL_IPV6))
  );
}

/** Where IPv6 addresses keep an IPv4 address, by what the groups before it are. */
const CARRIERS: readonly { prefix: [ipaddr.IPv6, number]; at: number }[] = [
  // IPv4-compatible (RFC 4291, 2.5.5.1) and translated (RFC 2765, RFC 6052, RFC 8215).
  { prefix: ipaddr.IPv6.parseCIDR("::/96"), at: 12 },
  { prefix: ipaddr.IPv6.parseCIDR("::ffff:0:0:0/96"), at: 12 },
  { prefix: ipaddr.IPv6.parseCIDR("64:ff9b::/96"), at: 12 },
  { prefix: ipaddr.IPv6.parseCIDR("64:ff9b:1::/48"), at: 12 },
  // 6to4 (RFC 3056).
  { prefix: ipaddr.IPv6.parseCIDR("2002::/16"), at: 2 },
];

/** The interface identifier of ISATAP (RFC 5214), under whatever prefix. */
const ISATAP = /^0[02]005efe$/;

/** The IPv4 address that a tunnelled or translated IPv6 address leads to. */
function carriedAddress(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const bytes = address.toByteArray();
  const carrier = CARRIERS.find(({ prefix }) => address.match(...prefix));
  if (carrier !== undefined) {
    return new ipaddr.IPv4(bytes.slice(carrier.at, carrier.at + 4));
  }
  const identifier = Buffer.from(bytes.slice(8, 12)).toString("hex");
  return ISATAP.test(identifier) ? new ipaddr.IPv4(bytes.slice(12)) : undefined;
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
