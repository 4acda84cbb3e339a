import { readBody } from "./byte-stream.ts";
import { upstreamDispatcher } from "./egress.ts";
import { assertReachable } from "./guarded-get.ts";
import { send } from "./transport.ts";

const TIMEOUT_MS = 5000;
const MAX_BYTES = 4 * 1024 * 1024;

export interface GuardedPost {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** JSON. */
  body: string;
  signal: AbortSignal;
}

/**
 * POSTs JSON to an address that an administrator has set, under the same rules as upstreams: no
 * redirects, no metadata services, private addresses only where they are allowed. Any status is an
 * answer; throws a `ConduitError` when there is none, or one of more than 4 MiB.
 */
export async function postJson({
  url,
  headers,
  body,
  signal,
}: GuardedPost): Promise<{ status: number; body: string }> {
  assertReachable(url);
  const reply = await send({
    dispatcher: upstreamDispatcher(),
    method: "POST",
    url: new URL(url),
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      "user-agent": "conduit",
      ...headers,
    },
    body,
    firstByteMs: TIMEOUT_MS,
    idleMs: TIMEOUT_MS,
    signal,
  });
  const bytes = await readBody(reply.body, MAX_BYTES, "refuse");
  return { status: reply.status, body: new TextDecoder().decode(bytes) };
}
