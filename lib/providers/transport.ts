import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { ConduitError, isConduitError } from "#lib/errors.ts";
import { type ByteSource, ByteStream } from "./byte-stream.ts";
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
class Exchange implements Dispatcher.DispatchHandler, ByteSource {
  readonly #request: UpstreamRequest;
  readonly #resolve: (reply: UpstreamReply) => void;
  readonly #reject: (error: unknown) => void;
  readonly #body: ByteStream;
  readonly #watch: Watch;
  #controller: Dispatcher.DispatchController | undefined;
  #finished = false;
  #started = false;
  #paused = false;

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
    }
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status >= 200) {
      this.#resolve({ status, headers, body: this.#body });
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#started = true;
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
    this.#fail(networkError(error));
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

const CERTIFICATE_CODES =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER))/;

function networkError(error: Error): ConduitError {
  if (isConduitError(error)) {
    return error;
  }
  const code = "code" in error ? String(error.code) : error.name;
  if (CERTIFICATE_CODES.test(code)) {
    return new ConduitError("upstream_unreachable", {
      message: `The provider's TLS certificate was not accepted (${code}).`,
      upstream: { kind: "certificate" },
      cause: error,
    });
  }
  return new ConduitError("upstream_unreachable", {
    message: `The connection to the provider failed (${code}).`,
    upstream: { kind: "network" },
    cause: error,
  });
}
