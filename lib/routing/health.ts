import type { Deployment } from "#lib/contract/snapshot.ts";
import type { UpstreamFailure } from "#lib/errors.ts";
import { singleton } from "#lib/singleton.ts";
import { Breaker, type BreakerState, type Clock } from "./breaker.ts";
import { describeBreaker, REST_TEXTS } from "./health-text.ts";
import { CredentialRests, type Rest } from "./rests.ts";

const LATENCY_WEIGHT = 0.2;
/** A latency that old says nothing: the deployment is worth a new try. */
const LATENCY_KNOWN_MS = 5 * 60_000;

/** How a deployment is doing, for the admin API, the console and the metrics. */
export interface DeploymentHealth {
  state: BreakerState;
  /** Milliseconds since the epoch. */
  sinceMs: number;
  /** When it is worth its planned place again, likewise; `null` when it is now. */
  retryAtMs: number | null;
  /** Why it is not closed, or why its credential rests; `null` when all is well. */
  reason: string | null;
}

/** Whether a target may be called now; if not, when it is worth a try, in milliseconds of the clock. */
export type TargetCheck = { allowed: true } | { allowed: false; retryAtMs: number };

/** What listeners are told. */
export type HealthEvent =
  | {
      kind: "breaker";
      deploymentId: string;
      deploymentName: string;
      from: BreakerState;
      to: BreakerState;
      reason: string | null;
    }
  | {
      kind: "rest";
      deploymentId: string;
      deploymentName: string;
      reason: Rest["reason"];
      untilMs: number;
    };

interface Entry {
  credentialId: string;
  apiBase: string;
  breaker: Breaker;
  latencyMs: number | undefined;
  latencyAtMs: number;
}

/**
 * How this process sees its upstreams: a breaker per deployment and credential, cool-downs per
 * credential, and recent latencies. Nothing here is shared between replicas: each finds out alone,
 * and none can be taken down by another's network.
 */
export class Health {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #rests: CredentialRests;
  readonly #listeners = new Set<(event: HealthEvent) => void>();

  constructor({ clock, random }: { clock: Clock; random: () => number }) {
    this.#clock = clock;
    this.#random = random;
    this.#rests = new CredentialRests(clock);
  }

  /** Whether a target is worth its planned place: its breaker lets it and its credential is awake. */
  isReady(deployment: Deployment): boolean {
    return (
      this.#entry(deployment).breaker.isReady() &&
      this.#rests.get(credentialOf(deployment)) === undefined
    );
  }

  /** Whether nothing speaks against the upstream itself; its credential may rest all the same. */
  isClosed(deployment: Deployment): boolean {
    return this.#entry(deployment).breaker.state === "closed";
  }

  /** In how many milliseconds a target is worth its planned place again; 0 when it is now. */
  restMsOf(deployment: Deployment): number {
    return Math.max(0, this.#retryAtMs(this.#entry(deployment)) - this.#clock.nowMs());
  }

  /**
   * Takes the right to call a target. A half-open breaker gives it to one request at a time, so
   * every allowed check has to be followed by one `reportSuccess`, `reportFailure` or
   * `releaseTarget`. `lastResort` says that the plan has nobody better left: then a resting
   * credential is used all the same, and a breaker gives what `Breaker.enter` says.
   */
  checkTarget(deployment: Deployment, { lastResort = false } = {}): TargetCheck {
    const isAwake = lastResort || this.#rests.get(credentialOf(deployment)) === undefined;
    const entered =
      isAwake && this.#watch(deployment, ({ breaker }) => breaker.enter({ lastResort }));
    return entered
      ? { allowed: true }
      : { allowed: false, retryAtMs: this.#retryAtMs(this.#entry(deployment)) };
  }

  /** Gives the right back without a verdict. */
  releaseTarget(deployment: Deployment): void {
    this.#entry(deployment).breaker.leave();
  }

  /** An answer began; `latencyMs` is the time to its first byte. */
  reportSuccess(deployment: Deployment, { latencyMs }: { latencyMs: number }): void {
    this.#watch(deployment, (entry) => {
      entry.breaker.recordSuccess();
      const earlierMs = this.#latencyOf(entry) ?? latencyMs;
      entry.latencyMs = earlierMs + LATENCY_WEIGHT * (latencyMs - earlierMs);
      entry.latencyAtMs = this.#clock.nowMs();
    });
    this.#rests.recordSuccess(credentialOf(deployment));
  }

  reportFailure(deployment: Deployment, failure: UpstreamFailure): void {
    this.#watch(deployment, ({ breaker }) => breaker.recordFailure(failure));
    const rest = this.#rests.record(credentialOf(deployment), failure);
    if (rest !== undefined) {
      this.#tell({ kind: "rest", ...namesOf(deployment), ...rest });
    }
  }

  /** Recent time to the first byte, smoothed; `undefined` when it was not measured lately. */
  latencyMsOf(deployment: Deployment): number | undefined {
    return this.#latencyOf(this.#entry(deployment));
  }

  /** A deployment that was never called is closed and well. */
  healthOf(deploymentId: string): DeploymentHealth {
    const entry = this.#entries.get(deploymentId);
    if (entry === undefined) {
      const sinceMs = Math.floor(this.#clock.nowMs());
      return { state: "closed", sinceMs, retryAtMs: null, reason: null };
    }
    const { state, sinceMs } = entry.breaker;
    const rest = this.#rests.get(entry.credentialId);
    const retryAtMs = this.#retryAtMs(entry);
    return {
      state,
      sinceMs: Math.floor(sinceMs),
      retryAtMs: retryAtMs > this.#clock.nowMs() ? Math.floor(retryAtMs) : null,
      reason: describeBreaker(entry.breaker) ?? (rest && REST_TEXTS[rest.reason]) ?? null,
    };
  }

  /** Forgets a deployment and its credential's rest: its settings changed, so it deserves a fresh start. */
  forget(deploymentId: string): void {
    const entry = this.#entries.get(deploymentId);
    if (entry !== undefined) {
      this.#rests.forget(entry.credentialId);
      this.#entries.delete(deploymentId);
    }
  }

  /** `forget`, told to the listeners when it closes a breaker: `reason` says who wanted it. */
  reset(deployment: Deployment, reason: string): void {
    const from = this.#entries.get(deployment.id)?.breaker.state ?? "closed";
    this.forget(deployment.id);
    if (from !== "closed") {
      this.#tell({ kind: "breaker", ...namesOf(deployment), from, to: "closed", reason });
    }
  }

  /** Calls `listener` at every change of a breaker's state and at every new rest. Returns its end. */
  onChange(listener: (event: HealthEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A new credential or another address is another upstream: it starts with a closed breaker. */
  #entry(deployment: Deployment): Entry {
    const known = this.#entries.get(deployment.id);
    const credentialId = credentialOf(deployment);
    if (known?.credentialId === credentialId && known.apiBase === deployment.apiBase) {
      return known;
    }
    const entry: Entry = {
      credentialId,
      apiBase: deployment.apiBase,
      breaker: new Breaker(this.#clock, this.#random),
      latencyMs: undefined,
      latencyAtMs: 0,
    };
    this.#entries.set(deployment.id, entry);
    return entry;
  }

  #retryAtMs({ breaker, credentialId }: Entry): number {
    const rest = this.#rests.get(credentialId);
    return Math.max(breaker.state === "open" ? breaker.openUntilMs : 0, rest?.untilMs ?? 0);
  }

  #latencyOf({ latencyMs, latencyAtMs }: Entry): number | undefined {
    return this.#clock.nowMs() - latencyAtMs < LATENCY_KNOWN_MS ? latencyMs : undefined;
  }

  /** Runs `change` and tells the listeners when the breaker's state is another afterwards. */
  #watch<T>(deployment: Deployment, change: (entry: Entry) => T): T {
    const entry = this.#entry(deployment);
    const from = entry.breaker.state;
    const result = change(entry);
    const to = entry.breaker.state;
    if (from !== to) {
      const reason = describeBreaker(entry.breaker);
      this.#tell({ kind: "breaker", ...namesOf(deployment), from, to, reason });
    }
    return result;
  }

  #tell(event: HealthEvent): void {
    for (const listener of this.#listeners) {
      listener(event);
    }
  }
}

/** This process's health, shared by all copies of this module. */
export function getHealth(): Health {
  return singleton(
    "routing.health",
    () => new Health({ clock: MONOTONIC_CLOCK, random: Math.random }),
  );
}

/** Milliseconds since the epoch as of the start, moved on by a clock that never steps back. */
const MONOTONIC_CLOCK: Clock = { nowMs: () => performance.timeOrigin + performance.now() };

/** A deployment without a credential rests alone. */
function credentialOf({ id, credentialId }: Deployment): string {
  return credentialId ?? id;
}

function namesOf({ id, name }: Deployment): { deploymentId: string; deploymentName: string } {
  return { deploymentId: id, deploymentName: name };
}
