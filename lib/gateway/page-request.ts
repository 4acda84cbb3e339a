import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { getEnv } from "#lib/env.ts";
import { clientIp } from "./exchange.ts";

/** Headers by which Next talks to itself; from outside they are only ever an attack. */
const INTERNAL_HEADERS =
  /^(?:x-middleware-|x-nextjs-|x-next-|x-invoke-|x-prerender-|x-now-|x-matched-path|next-resume)/;

/** What a page's own script asks with. Elsewhere it would only lead Next away from the answer. */
const PAGE_HEADERS = /^(?:rsc$|next-(?:router-|url$|action$))/;

/** Paths below the base path that are no pages: they answer everybody in one way. */
const API_PATH = /^\/(?:admin|api|v1)(?:\/|$)/;

/** Known to this process alone, and to the requests that Next makes of us on behalf of one of ours. */
const OWN_MARK = randomBytes(16).toString("hex");
const MARK_HEADER = "x-conduit-own";
const IP_HEADER = "x-conduit-client-ip";

/** Makes a request fit for Next: nothing in it is believed that only this server may say. */
export function admitPageRequest(req: IncomingMessage): void {
  const isApi = API_PATH.test((req.url ?? "/").slice(getEnv().basePath.length));
  for (const name of Object.keys(req.headers)) {
    if (INTERNAL_HEADERS.test(name) || (isApi && PAGE_HEADERS.test(name))) {
      delete req.headers[name];
    }
  }
  const { origin } = req.headers;
  if (origin !== undefined && !URL.canParse(origin)) {
    // Next would fail on it with 500. Without one, whatever writes for a cookie refuses the request.
    delete req.headers.origin;
  }
  tellClientIp(req);
}

/**
 * Route handlers cannot see the socket; they read the client's address from this header. After a
 * server action that leads elsewhere Next fetches that page from us itself, with the headers of the
 * action: there the address is the client's still, and not our own.
 */
function tellClientIp(req: IncomingMessage): void {
  if (req.headers[MARK_HEADER] !== OWN_MARK) {
    const forwarded = req.headers["x-forwarded-for"];
    const hops = Array.isArray(forwarded) ? forwarded.join(", ") : forwarded;
    req.headers[IP_HEADER] = clientIp(req.socket.remoteAddress, hops) ?? "";
  }
  req.headers[MARK_HEADER] = OWN_MARK;
}

/** Whether a path can be decoded; Next would answer 500 before any route of ours runs. */
export function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split("?")[0] ?? "");
    return true;
  } catch {
    return false;
  }
}
