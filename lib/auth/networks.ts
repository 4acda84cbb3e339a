import ipaddr from "ipaddr.js";

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** Networks that a key may be used from, parsed once. */
export type Networks = readonly Range[];

/** Networks in CIDR notation. One that does not parse admits nobody, and the others still count. */
export function parseNetworks(cidrs: readonly string[]): Networks {
  return cidrs.filter((cidr) => ipaddr.isValidCIDR(cidr)).map((cidr) => ipaddr.parseCIDR(cidr));
}

/** Whether an address lies in one of the networks; an IPv4 address written as IPv6 is IPv4. */
export function isInside(networks: Networks, ip: string | null): boolean {
  if (ip === null || !ipaddr.isValid(ip)) {
    return false;
  }
  const address = ipaddr.process(ip);
  return networks.some(
    ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
  );
}
