import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { ConduitError } from "#lib/errors.ts";
import { type ByteSource, ByteStream } from "./byte-stream.ts";
import { networkError } from "./network-error.ts";
import { expectSocket, type SocketUser } from "./reused-sockets.ts";
import { touch, unwatch, type Watch, watch } from "./watchdog.ts";

export interface UpstreamRequest {
  dispatcher: Dispatcher;
  method: "POST" | "GET";
  url: URL;
  headers: Record<string, string>;
  body?: string;
  /** How long the first byte of the answer's body may take, in milliseconds. */
  firstByteMs: number;
  /** How long the upstream may stay silent after that. */
  idleMs: number;
  /** Cuts the call; the reason is thrown to the reader. */
  signal: AbortSignal;
}

export interface UpstreamReply {
  status: number;
  headers: IncomingHttpHeaders;
  body: ByteStream;
}

/** While the socket is paused on our side, the upstream cannot be late. */
const PAUSED_MS = 3_600_000;
/** More of an answer than this is none; whoever sends it would send for ever. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** Heads with a status of the hundreds that may come before the answer's own. */
const MAX_INTERIM_HEADS = 20;

/**
 * Sends one request and resolves when the answer's head has arrived. Redirects are not followed.
 * Rejects with a `ConduitError` whose `upstream.kind` is `network` or `timeout`.
 */
export function send(request: UpstreamRequest): Promise<UpstreamReply> {
  return new Promise((resolve, reject) => {
    // Asked first: an exchange that is never sent would be watched until its deadline.
    if (request.signal.aborted) {
      reject(request.signal.reason);
      return;
    }
    const exchange = new Exchange(request, resolve, reject);
    const { dispatcher, url, method, headers, body } = request;
    dispatcher.dispatch(
      { origin: url.origin, path: url.pathname + url.search, method, headers, body: body ?? null },
      exchange,
    );
  });
}

/** One call on undici's side: keeps time, applies backpressure, turns failures into our errors. */
class Exchange implements Dispatcher.DispatchHandler, ByteSource, SocketUser {
  readonly #request: UpstreamRequest;
  readonly #resolve: (reply: UpstreamReply) => void;
  readonly #reject: (error: unknown) => void;
  readonly #body: ByteStream;
  readonly #watch: Watch;
  #controller: Dispatcher.DispatchController | undefined;
  #finished = false;
  #started = false;
  #paused = false;
  #isReused = false;
  #hasHead = false;
  #interimHeads = 0;
  #received = 0;

  constructor(
    request: UpstreamRequest,
    resolve: (reply: UpstreamReply) => void,
    reject: (error: unknown) => void,
  ) {
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#body = new ByteStream(this);
    this.#watch = watch(request.firstByteMs, () => this.#fail(this.#lateness()));
    request.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  readonly #onAbort = (): void => {
    this.#fail(this.#request.signal.reason);
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#finished) {
      controller.abort(new Error("The call was given up before it was sent."));
      return;
    }
    expectSocket(this);
  }

  onSocket({ isReused }: { isReused: boolean }): void {
    this.#isReused = isReused;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#hasHead = true;
    if (status >= 200) {
      this.#resolve({ status, headers, body: this.#body });
      return;
    }
    this.#interimHeads += 1;
    if (this.#interimHeads > MAX_INTERIM_HEADS) {
      this.#fail(refused(`The provider sent more than ${MAX_INTERIM_HEADS} interim answers.`));
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#started = true;
    this.#received += chunk.length;
    if (this.#received > MAX_ANSWER_BYTES) {
      this.#fail(refused("The provider's answer is larger than 64 MiB."));
      return;
    }
    if (this.#body.push(chunk)) {
      this.#paused = true;
      controller.pause();
      touch(this.#watch, PAUSED_MS);
      return;
    }
    touch(this.#watch, this.#request.idleMs);
  }

  onResponseEnd(): void {
    this.#finish();
    this.#body.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(networkError(error, { isReused: this.#isReused, hasHead: this.#hasHead }));
  }

  resume(): void {
    if (this.#paused) {
      this.#paused = false;
      touch(this.#watch, this.#request.idleMs);
      this.#controller?.resume();
    }
  }

  /** Closes the connection because nobody reads any more. */
  cut(): void {
    if (!this.#finished) {
      this.#finish();
      this.#controller?.abort(new Error("The answer is no longer wanted."));
    }
  }

  #fail(error: unknown): void {
    if (this.#finished) {
      return;
    }
    this.#finish();
    this.#reject(error);
    this.#body.fail(error);
    this.#controller?.abort(error instanceof Error ? error : new Error("The call was cut."));
  }

  #finish(): void {
    this.#finished = true;
    unwatch(this.#watch);
    this.#request.signal.removeEventListener("abort", this.#onAbort);
  }

  #lateness(): ConduitError {
    return this.#started
      ? new ConduitError("upstream_idle_timeout", {
          message: `The provider sent nothing for ${this.#request.idleMs / 1000} s in the middle of its answer.`,
          upstream: { kind: "timeout" },
        })
      : new ConduitError("upstream_timeout", {
          message: `The provider did not begin to answer within ${this.#request.firstByteMs / 1000} s.`,
          upstream: { kind: "timeout" },
        });
  }
}

function refused(message: string): ConduitError {
  return new ConduitError("upstream_protocol", { message, upstream: { kind: "protocol" } });
}
