import { ConduitError } from "#lib/errors.ts";
import type { Journal } from "#lib/ledger/journal.ts";
import type { PayloadWriter } from "#lib/ledger/payloads.ts";
import type { Recorder } from "#lib/ledger/record.ts";
import { dropSingleton, getSingleton, singleton } from "#lib/singleton.ts";

/** What `start` has opened for the requests of this process. */
export interface Runtime {
  journal: Journal;
  recorder: Recorder;
  payloads: PayloadWriter;
  /** Set when the process is to end. */
  draining: boolean;
  /** What cuts each request that is under way. */
  active: Set<AbortController>;
}

const NAME = "gateway.runtime";

function holder(): { runtime: Runtime | undefined } {
  return singleton(NAME, () => ({ runtime: undefined }));
}

export function setRuntime(runtime: Runtime): void {
  holder().runtime = runtime;
}

export function clearRuntime(): void {
  dropSingleton(NAME);
}

export function getRuntime(): Runtime | undefined {
  return holder().runtime;
}

/** The open runtime. Throws `not_ready` before the start has finished. */
export function requireRuntime(): Runtime {
  const { runtime } = holder();
  if (runtime === undefined) {
    throw new ConduitError("not_ready", {
      message: "The gateway is starting.",
      retryAfterMs: 1000,
    });
  }
  return runtime;
}

const OWN_SERVER = "gateway.own-server";

/** Notes that `server.ts` stands in front, so that what it writes into headers can be believed. */
export function markOwnServer(): void {
  singleton(OWN_SERVER, () => true);
}

export function isBehindOwnServer(): boolean {
  return getSingleton<boolean>(OWN_SERVER) === true;
}
