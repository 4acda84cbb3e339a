import type { UpstreamFailure } from "#lib/errors.ts";
import type { Clock } from "./breaker.ts";

export type RestReason = "rate_limit" | "quota" | "auth";

/** A credential that the upstream turned away, and until when nobody better off should use it. */
export interface Rest {
  reason: RestReason;
  untilMs: number;
}

interface RestRule {
  /** When the upstream names no time. */
  defaultMs: number;
  /** An upstream's own time counts between these two: some send zero, some send years. */
  minMs: number;
  maxMs: number;
}

const MINUTE_MS = 60_000;

const RULES: Readonly<Record<RestReason, RestRule>> = {
  rate_limit: { defaultMs: 5_000, minMs: 250, maxMs: 60 * MINUTE_MS },
  // An account without credit comes back when somebody pays, which takes minutes at least.
  quota: { defaultMs: 10 * MINUTE_MS, minMs: 10 * MINUTE_MS, maxMs: 60 * MINUTE_MS },
  auth: { defaultMs: MINUTE_MS, minMs: MINUTE_MS, maxMs: MINUTE_MS },
};

/** Cool-downs by credential. Resting is no failure of the upstream, so no breaker counts it. */
export class CredentialRests {
  readonly #clock: Clock;
  readonly #rests = new Map<string, Rest>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(credentialId: string): Rest | undefined {
    const rest = this.#rests.get(credentialId);
    if (rest !== undefined && rest.untilMs <= this.#clock.nowMs()) {
      this.#rests.delete(credentialId);
      return undefined;
    }
    return rest;
  }

  /** Sends a credential to rest if the failure asks for it; gives the rest when it was not resting. */
  record(credentialId: string, failure: UpstreamFailure): Rest | undefined {
    const reason = restReason(failure.kind);
    if (reason === undefined) {
      return undefined;
    }
    const { defaultMs, minMs, maxMs } = RULES[reason];
    const askedMs = failure.retryAfterMs ?? defaultMs;
    const rest = {
      reason,
      untilMs: this.#clock.nowMs() + Math.min(maxMs, Math.max(minMs, askedMs)),
    };
    const earlier = this.get(credentialId);
    if (earlier === undefined || earlier.untilMs < rest.untilMs) {
      this.#rests.set(credentialId, rest);
    }
    return earlier === undefined ? rest : undefined;
  }

  /**
   * A success ends a rest for `auth` and `quota`: the key works. A rate limit stays, since requests
   * that were let in before it was hit succeed after it.
   */
  recordSuccess(credentialId: string): void {
    const rest = this.#rests.get(credentialId);
    if (rest !== undefined && rest.reason !== "rate_limit") {
      this.#rests.delete(credentialId);
    }
  }

  forget(credentialId: string): void {
    this.#rests.delete(credentialId);
  }
}

function restReason(kind: UpstreamFailure["kind"]): RestReason | undefined {
  return kind === "rate_limit" || kind === "quota" || kind === "auth" ? kind : undefined;
}
