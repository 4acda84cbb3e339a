import { getProvider } from "#lib/catalog/providers.ts";
import type { TestStep } from "#lib/contract/deployment-test.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { TEST_STEPS, type TestStepName } from "#lib/contract/test-steps.ts";
import type { ConduitError, UpstreamFailure } from "#lib/errors.ts";
import type { ConnectWatcher } from "./guarded-connect.ts";

const MAX_NOTE = 1000;

/** Refusals of an upstream that has taken the credential by then. */
const PAST_AUTH: ReadonlySet<UpstreamFailure["kind"]> = new Set([
  "rate_limit",
  "quota",
  "model_missing",
  "context_length",
  "content_policy",
  "rejected",
]);

/** The steps of one connection test, each told once and in order. */
export class ConnectionSteps implements ConnectWatcher {
  readonly list: TestStep[] = [];
  readonly #startedAt = performance.now();
  readonly #tell: (step: TestStep) => void;
  #hasStatus = false;
  #refusal: string | undefined;

  constructor(deployment: Deployment, tell: (step: TestStep) => void) {
    this.#tell = tell;
    if (getProvider(deployment.provider)?.wire === "mock") {
      this.#skipTo("auth", "The mock answers inside the gateway.");
    }
  }

  elapsedMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  onResolved(): void {
    this.#pass("dns");
  }

  onConnected(): void {
    this.#pass("tls");
  }

  onStatus(): void {
    this.#hasStatus = true;
    this.#skipTo("auth", "The proxy makes the connection.");
  }

  onRefusal(body: string): void {
    this.#refusal = body.trim().slice(0, MAX_NOTE);
  }

  onAccepted(): void {
    this.#pass("auth");
    this.#pass("model");
  }

  onFirstToken(): void {
    this.#pass("first_token");
  }

  onFailure(error: ConduitError): void {
    const kind = error.upstream?.kind;
    const at = this.#failedStep(kind);
    if (kind !== undefined && at !== "auth" && PAST_AUTH.has(kind)) {
      this.#pass("auth");
    }
    this.#skipTo(at, "Not known: the call ended before.");
    const note = this.#refusal || error.message;
    this.#add({ step: at, state: "failed", ms: this.elapsedMs(), note });
    for (const step of TEST_STEPS.slice(TEST_STEPS.indexOf(at) + 1)) {
      this.#add({ step, state: "skipped", ms: this.elapsedMs(), note: null });
    }
  }

  #failedStep(kind: UpstreamFailure["kind"] | undefined): TestStepName {
    const next = TEST_STEPS[this.list.length] ?? "first_token";
    if (!this.#hasStatus && (next === "dns" || next === "tls")) {
      return next;
    }
    if (kind === "auth") {
      return "auth";
    }
    return kind === "model_missing" ? "model" : "first_token";
  }

  #pass(step: TestStepName): void {
    this.#add({ step, state: "ok", ms: this.elapsedMs(), note: null });
  }

  /** Everything before `step` that was not told yet is left out. */
  #skipTo(step: TestStepName, note: string): void {
    for (const earlier of TEST_STEPS.slice(0, TEST_STEPS.indexOf(step))) {
      this.#add({ step: earlier, state: "skipped", ms: this.elapsedMs(), note });
    }
  }

  /** A step that was told stays as it was: a connection is made once, whoever asks for it again. */
  #add(step: TestStep): void {
    if (!this.list.some((told) => told.step === step.step)) {
      this.list.push(step);
      this.#tell(step);
    }
  }
}
