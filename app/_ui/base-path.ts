/** The path prefix that this build is served under, without a slash at its end; mostly empty. */
// biome-ignore lint/style/noProcessEnv: Next writes the value in here while it builds.
export const BASE_PATH: string = process.env["NEXT_PUBLIC_CONDUIT_BASE_PATH"] ?? "";

/**
 * An address of this app for `fetch`, `EventSource` and plain `<a>`: `withBasePath("/api/console/…")`.
 * `Link` and the router add the prefix themselves.
 */
export function withBasePath(path: `/${string}`): string {
  return `${BASE_PATH}${path}`;
}
