import { isInside, parseNetworks } from "#lib/auth/networks.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";

/**
 * Whether the console may be used from an address. Without a list it may from everywhere; with one,
 * an address that is not known is refused.
 */
export function isAdmitted(ip: string | null): boolean {
  const { console_networks: networks } = currentSettings().security;
  return networks.length === 0 || isInside(parseNetworks(networks), ip);
}

/** Throws `permission_denied` (403) for an address that the console may not be used from. */
export function assertConsoleNetwork(ip: string | null): void {
  if (!isAdmitted(ip)) {
    throw new ConduitError("permission_denied", {
      message: "The console cannot be used from your network.",
    });
  }
}

/** Throws `invalid_value` (400) for networks that would shut out the person who sets them. */
export function assertAdmitted({ principal, ip }: Actor, networks: string[] | undefined): void {
  if (networks === undefined || networks.length === 0 || principal.kind !== "user") {
    return;
  }
  if (!isInside(parseNetworks(networks), ip)) {
    const address =
      ip === null
        ? "Your own address is not known here"
        : `Your address, ${ip}, is in none of them`;
    throw new ConduitError("invalid_value", {
      message: `${address}, so these networks would shut you out.`,
      param: "console_networks",
    });
  }
}
