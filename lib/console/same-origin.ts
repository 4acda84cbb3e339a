import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";

/** Requests that a browser sends from our own pages, or that a person typed in. */
const OWN_SITES = new Set(["same-origin", "none"]);

/**
 * Throws `permission_denied` (403) unless a request that a cookie signs came from a page of this
 * console: its `Origin` has to be there and name the host that was asked, or that of the public URL.
 */
export function assertSameOrigin(headers: Headers): void {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  const isOurs =
    origin !== null &&
    (site === null || OWN_SITES.has(site)) &&
    hostsOf(headers).includes(hostOf(origin) ?? "");
  if (!isOurs) {
    throw foreign();
  }
}

/** As above for a request that only reads: browsers send no `Origin` with one from our own pages. */
export function assertNotForeign(headers: Headers): void {
  if (headers.get("sec-fetch-site") === "cross-site") {
    throw foreign();
  }
}

function foreign(): ConduitError {
  return new ConduitError("permission_denied", {
    message:
      "The request did not come from a page of this console. Behind a proxy, pass the Host header on or set CONDUIT_PUBLIC_URL.",
  });
}

function hostsOf(headers: Headers): string[] {
  const { publicUrl } = getEnv();
  const hosts = [headers.get("host")?.toLowerCase(), publicUrl && new URL(publicUrl).host];
  return hosts.filter((host) => host !== undefined && host !== "") as string[];
}

/** The host and port of an origin; `undefined` for `null` and whatever else is none. */
function hostOf(origin: string): string | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  return url === undefined || !/^https?:$/.test(url.protocol) ? undefined : url.host;
}
