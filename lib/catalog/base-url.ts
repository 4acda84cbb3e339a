import type { ProviderRow } from "./providers.ts";

/**
 * The URL under which a deployment's endpoints lie, without a trailing slash; `undefined` when
 * there is none, or when `apiBase` is not an http(s) URL free of credentials, query and fragment.
 *
 * A vendor's root may be given with or without its version segment, as vendors' own libraries
 * disagree on which of the two is "the base URL": `https://api.anthropic.com` and
 * `https://api.anthropic.com/v1` are one. A path of one's own (a proxy's) is left as it is.
 */
export function resolveBaseUrl(
  provider: Pick<ProviderRow, "baseUrl" | "versionPath">,
  apiBase: string | null,
): string | undefined {
  const given = apiBase ?? provider.baseUrl;
  const url = given === null ? undefined : parseBase(given);
  if (url === undefined) {
    return undefined;
  }
  const path = url.pathname.replace(/\/+$/, "");
  const version = provider.versionPath ?? "";
  const complete = isLeadingPart(path, version) ? version : path;
  return url.origin + complete;
}

/** The scheme, host and port of a base URL: what a stored key is bound to. */
export function originOf(baseUrl: string): string {
  return new URL(baseUrl).origin;
}

function parseBase(text: string): URL | undefined {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return undefined;
  }
  const extras = url.username + url.password + url.search + url.hash;
  return extras === "" ? url : undefined;
}

/** Whether `path` is the beginning of `whole`, cut at a slash. */
function isLeadingPart(path: string, whole: string): boolean {
  return whole.startsWith(`${path}/`);
}
