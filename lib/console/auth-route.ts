import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { getLog } from "#lib/log.ts";
import { assertConsoleNetwork } from "./console-networks.ts";
import type { RouteProps } from "./define-route.ts";
import { type AuthAnswer, failedAnswer } from "./next-auth-call.ts";
import { replyError } from "./reply.ts";
import { assertSameOrigin } from "./same-origin.ts";
import { beginSso, forwardToNextAuth } from "./sign-in.ts";
import { clientIpOf } from "./visitor.ts";

/**
 * The doors of next-auth that this console uses; every other one, its session endpoint included,
 * is not there. `start` is ours: it begins single sign-on from a link.
 */
const DOORS: ReadonlySet<string> = new Set([
  "GET start",
  "GET csrf",
  "GET callback/oidc",
  "POST callback/credentials",
]);

/** Everything under `/api/auth`. */
export async function answerAuth(request: Request, props: RouteProps): Promise<Response> {
  try {
    assertConsoleNetwork(clientIpOf(request.headers));
    const { nextauth } = await props.params;
    const path = Array.isArray(nextauth) ? nextauth : [];
    const method = request.method === "POST" ? "POST" : "GET";
    const door = `${method} ${path.join("/")}`;
    if (!DOORS.has(door)) {
      throw new ConduitError("unknown_url", { message: "There is nothing at this address." });
    }
    const query = Object.fromEntries(new URL(request.url).searchParams);
    if (door === "GET start") {
      assertFromOurPage(request.headers);
      return replyWith(await startSso(query));
    }
    if (method === "POST") {
      assertSameOrigin(request.headers);
    }
    const body = method === "POST" ? await readForm(request) : undefined;
    return replyWith(await forwardToNextAuth({ method, path, query, body }));
  } catch (error) {
    return replyError(error, newId());
  }
}

/** A person waits for a page here, and gets one when the identity provider cannot be asked. */
async function startSso(query: Record<string, string>): Promise<AuthAnswer> {
  try {
    return await beginSso(query);
  } catch (error) {
    getLog().warn({ err: error }, "the identity provider cannot be asked");
    return failedAnswer("OAuthSignin", query["intent"]);
  }
}

/** Nobody else's page may begin a sign-in in this browser. */
function assertFromOurPage(headers: Headers): void {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") {
    throw new ConduitError("permission_denied", {
      message: "Sign in from the sign-in page of this console.",
    });
  }
}

const MAX_FORM_BYTES = 16 * 1024;

async function readForm(request: Request): Promise<Record<string, string>> {
  const text = await request.text();
  if (text.length > MAX_FORM_BYTES) {
    throw new ConduitError("request_too_large", { message: "The form is too large." });
  }
  return Object.fromEntries(new URLSearchParams(text));
}

function replyWith(answer: AuthAnswer): Response {
  const headers = new Headers({ ...answer.headers, "cache-control": "no-store" });
  for (const cookie of answer.setCookies) {
    headers.append("set-cookie", cookie);
  }
  if (answer.location !== undefined) {
    headers.set("location", answer.location);
    return new Response(null, { status: 302, headers });
  }
  const body = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? null);
  return new Response(body, { status: answer.status, headers });
}
