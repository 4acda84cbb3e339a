import { ConduitError } from "#lib/errors.ts";
import { readBody } from "./byte-stream.ts";
import { upstreamDispatcher } from "./egress.ts";
import { checkUpstreamUrl } from "./egress-policy.ts";
import { send } from "./transport.ts";

const TIMEOUT_MS = 5000;
const MAX_BYTES = 256 * 1024;

/**
 * The JSON at an address that an administrator has set, fetched under the same rules as upstreams:
 * no redirects, no metadata services, private addresses only where they are allowed. Throws a
 * `ConduitError` with a sentence for that administrator.
 */
export async function getJson(url: string): Promise<unknown> {
  assertReachable(url);
  const reply = await send({
    dispatcher: upstreamDispatcher(),
    method: "GET",
    url: new URL(url),
    headers: { accept: "application/json", "user-agent": "conduit" },
    firstByteMs: TIMEOUT_MS,
    idleMs: TIMEOUT_MS,
    signal: AbortSignal.timeout(2 * TIMEOUT_MS),
  });
  if (reply.status !== 200) {
    await reply.body.return();
    throw unusable(`${url} answered with status ${reply.status}.`);
  }
  const bytes = await readBody(reply.body, MAX_BYTES, "refuse");
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw unusable(`${url} did not answer with JSON.`, cause);
  }
}

/** Throws `upstream_refused_address` for an address that may not be called as it is written. */
export function assertReachable(url: string): void {
  const { allowed, reason } = checkUpstreamUrl(url);
  if (!allowed) {
    throw new ConduitError("upstream_refused_address", {
      message: `${url} may not be called: ${reason ?? "it is not allowed"}`,
    });
  }
}

function unusable(message: string, cause?: unknown): ConduitError {
  return new ConduitError("upstream_protocol", { message, cause });
}
