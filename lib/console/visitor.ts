import { getEnv } from "#lib/env.ts";

/** Somebody on a page, signed in or not: what the audit log and the throttle need to know. */
export interface Visitor {
  requestId: string;
  ip: string | null;
  userAgent: string | null;
}

/**
 * The client's address. Behind Next the socket is out of sight, so `server.ts` writes this header
 * over whatever a client sends; a serverless host has no `server.ts`, and nothing can be believed.
 */
export function clientIpOf(headers: Headers): string | null {
  return getEnv().serverless ? null : headers.get("x-conduit-client-ip") || null;
}

export function visitorOf(headers: Headers, requestId: string): Visitor {
  return { requestId, ip: clientIpOf(headers), userAgent: headers.get("user-agent") };
}
