import { z } from "zod";

/** A network in CIDR notation. One address alone is the network of that address. */
export const network = z
  .string()
  .trim()
  .transform(withPrefix)
  .pipe(
    z.union(
      [z.cidrv4(), z.cidrv6()],
      "must be an address or a network such as 203.0.113.0/24 or 2001:db8::/32",
    ),
  );

function withPrefix(text: string): string {
  if (text.includes("/")) {
    return text;
  }
  return `${text}/${text.includes(":") ? 128 : 32}`;
}
