import type { RuleStage, VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import type { Finding } from "./define-rule.ts";
import type { CompiledRule } from "./policy.ts";
import { skippedVerdict } from "./run-rule.ts";

/** What one rule has found in a stream so far. */
export class Tally {
  readonly compiled: CompiledRule;
  #durationUs = 0;
  #matches = 0;
  #hasRead = false;
  #whySkipped = "There was no text to read.";
  #hasActed = false;
  #score: number | null = null;
  #fault: string | null = null;
  readonly #kinds: Record<string, number> = {};

  constructor(compiled: CompiledRule) {
    this.compiled = compiled;
  }

  get hasFailed(): boolean {
    return this.#fault !== null;
  }

  ran(durationUs: number, { score, skipped }: Pick<Finding, "score" | "skipped">): void {
    this.#hasRead ||= skipped === undefined;
    this.#whySkipped = skipped ?? this.#whySkipped;
    this.#durationUs += durationUs;
    if (score !== undefined) {
      this.#score = Math.max(this.#score ?? 0, score);
    }
  }

  failed(reason: string): void {
    this.#fault ??= reason;
  }

  acted(kinds: readonly string[]): void {
    this.#hasActed = true;
    this.#matches += kinds.length;
    for (const kind of kinds) {
      this.#kinds[kind] = (this.#kinds[kind] ?? 0) + 1;
    }
  }

  verdict(stage: RuleStage): VerdictRecord {
    const found = {
      ...skippedVerdict(this.compiled, stage, this.#whySkipped),
      matches: this.#matches,
      kinds: this.#kinds,
      score: this.#score,
      durationUs: Math.round(this.#durationUs),
    };
    if (this.#fault !== null) {
      // Also when it has acted before: what came after is unread, and must not be taken for checked.
      return { ...found, state: "failed", reason: this.#fault };
    }
    if (this.#hasActed) {
      return { ...found, state: "acted", reason: null };
    }
    return this.#hasRead ? { ...found, state: "passed", reason: null } : found;
  }
}
