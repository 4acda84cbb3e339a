import { getEventListeners } from "node:events";
import { Agent } from "undici";
import { expect, it } from "vitest";
import { ConduitError } from "#lib/errors.ts";
import { getSingleton } from "#lib/singleton.ts";
import { startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { failureOf } from "#lib/testing/wire-bench.ts";
import { send } from "./transport.ts";

it("a call that was cut before it was sent is neither sent nor watched", async () => {
  const server = await startFakeUpstream(() => ({ body: "{}" }));
  const dispatcher = new Agent();
  const reason = new ConduitError("client_closed", { message: "Gone." });
  const signal = AbortSignal.abort(reason);
  const call = send({
    dispatcher,
    method: "POST",
    url: new URL(server.url),
    headers: {},
    body: "{}",
    firstByteMs: 60_000,
    idleMs: 60_000,
    signal,
  });
  expect(await failureOf(call)).toBe(reason);
  expect(getSingleton<{ watches: Set<unknown> }>("watchdog")?.watches.size ?? 0).toBe(0);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
  await dispatcher.close();
  await server.close();
  expect(server.requests).toHaveLength(0);
});
