import { getEnv } from "#lib/env.ts";

/** Whether browsers reach the console over TLS; only then may a cookie be bound to it. */
export function isSecure(): boolean {
  return getEnv().publicUrl?.startsWith("https://") === true;
}

/**
 * The name of a cookie of ours. `__Host-` binds it to this host and to TLS, so that neither a
 * neighbouring subdomain nor a plain-text answer can plant one.
 */
export function cookieName(
  name: "sid" | "csrf" | "callback" | "pkce" | "state" | "nonce" | "intent",
): string {
  return `${isSecure() ? "__Host-" : ""}conduit.${name}`;
}

/** A `Path` of `/` whatever the base path: `__Host-` demands it. */
export function cookieOptions(): {
  httpOnly: true;
  sameSite: "lax";
  path: "/";
  secure: boolean;
} {
  return { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure() };
}
