import ipaddr from "ipaddr.js";
import { z } from "zod";

/** Letters, digits, dots and hyphens: what a host name is made of (RFC 1123, 2.1), and `_` of Docker. */
const HOST_NAME = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?$/i;

/**
 * A setting that lists networks: CIDRs and addresses joined by commas, and host names where they
 * make sense. An entry that is none of them would be obeyed by nobody, so it is refused by name.
 */
export function networkList({ hostNames }: { hostNames: boolean }) {
  return z.string().superRefine((text, context) => {
    for (const entry of text.split(",").map((part) => part.trim())) {
      const isNetwork = ipaddr.isValidCIDR(entry) || ipaddr.isValid(entry);
      if (entry !== "" && !isNetwork && !(hostNames && isHostName(entry))) {
        const wanted = hostNames ? "a CIDR, an address or a host name" : "a CIDR or an address";
        context.addIssue({ code: "custom", message: `"${entry}" is not ${wanted}` });
      }
    }
  });
}

/** A name whose last label is a number is an address with a mistake in it. */
function isHostName(entry: string): boolean {
  return HOST_NAME.test(entry) && !/(^|\.)\d+\.?$/.test(entry);
}
