import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { getEnv } from "./env.ts";

/** The API's documents bring headers of their own: their viewers need other rights than our pages. */
const DOCUMENTS = new Set(["/docs", "/redoc", "/openapi.json"]);

const YEAR_SECONDS = 31_536_000;

/** Powers of a browser that no page of ours has a use for. */
const PERMISSIONS = [
  "accelerometer",
  "browsing-topics",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "usb",
  "xr-spatial-tracking",
];

/**
 * Writes the security headers of a page onto its answer, and onto the request what Next and the pages
 * have to know: Next reads the nonce for its scripts from the policy, and a page reads its own path.
 */
export function preparePage(req: IncomingMessage, res: ServerResponse): void {
  const path = localPath(req.url ?? "/");
  settleHost(req);
  req.headers["x-conduit-path"] = path;
  if (isSecure()) {
    res.setHeader("strict-transport-security", `max-age=${YEAR_SECONDS}; includeSubDomains`);
  }
  if (isSecure() || LOOPBACK.test(req.headers.host ?? "")) {
    // Elsewhere a browser ignores it, and complains of it on every page.
    res.setHeader("cross-origin-opener-policy", "same-origin");
  }
  if (DOCUMENTS.has((path.split("?")[0] ?? "").replace(/\/$/, ""))) {
    return;
  }
  const policy = contentPolicy(randomBytes(16).toString("base64"));
  req.headers["content-security-policy"] = policy;
  res.setHeader("content-security-policy", policy);
  for (const [name, value] of Object.entries(FIXED)) {
    res.setHeader(name, value);
  }
}

/** Hosts that a browser trusts without https. */
const LOOPBACK = /^(?:localhost|[\w-]+\.localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/i;

const FIXED: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": PERMISSIONS.map((name) => `${name}=()`).join(", "),
};

/** What a page may load and do. Only scripts with the nonce of this one answer run. */
function contentPolicy(nonce: string): string {
  const { hotReload } = getEnv();
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${hotReload ? " 'unsafe-eval'" : ""}`,
    // Charts and popovers set sizes and places as style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${hotReload ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function isSecure(): boolean {
  return getEnv().publicUrl?.startsWith("https://") === true;
}

/** The path and the query below the base path, without the mark of Next's own fetches. */
function localPath(url: string): string {
  const { basePath } = getEnv();
  const local = url.startsWith(basePath) ? url.slice(basePath.length) : url;
  return local.replace(/([?&])_rsc=[^&]*&?/, "$1").replace(/[?&]$/, "") || "/";
}

/**
 * Next lets a form post to the host that `x-forwarded-host` names, and anybody can send that. It is
 * the public URL's host when that is where the page came from, and nothing otherwise.
 */
function settleHost(req: IncomingMessage): void {
  // The settings compare what a proxy has told us with what the browser sees.
  const told = req.headers["x-forwarded-host"];
  delete req.headers["x-conduit-forwarded-host"];
  delete req.headers["x-forwarded-host"];
  if (told !== undefined) {
    req.headers["x-conduit-forwarded-host"] = told;
  }
  const { publicUrl } = getEnv();
  const origin = req.headers.origin;
  if (publicUrl !== undefined && origin !== undefined && URL.canParse(origin)) {
    const { host } = new URL(publicUrl);
    if (new URL(origin).host === host) {
      req.headers["x-forwarded-host"] = host;
    }
  }
}
