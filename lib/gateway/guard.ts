import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import type { RuleStage, VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import type { ConduitError } from "#lib/errors.ts";
import type { Masks } from "#lib/guardrails/mask.ts";
import type { CompiledRule } from "#lib/guardrails/policy.ts";
import { skippedVerdict } from "#lib/guardrails/run-rule.ts";
import { isHolding } from "#lib/guardrails/screen.ts";
import type { ScreenedStream } from "#lib/guardrails/stream.ts";
import type { Story } from "./story.ts";

/** What holds for one request while it is under way; only requests that a rule applies to have one. */
export interface Guard {
  readonly rules: readonly GuardrailRule[];
  /** What the caller gets back in place of placeholders. */
  readonly masks: Masks;
  /** Whether what the request holds now may be stored: everything to be taken out of it is. */
  isStorable: boolean;
  during: DuringStage | null;
  /** The answer, while it is read. */
  stream: ScreenedStream | null;
}

/** Rules that look at the request while the upstream works on it. */
export interface DuringStage {
  rules: readonly CompiledRule[];
  /** Why the request is blocked, or nothing; never rejects. */
  verdict: Promise<ConduitError | null>;
  isDone: boolean;
  /** Ends the checks that still run. */
  cut: AbortController;
}

/** Ends what guardrails still do for a request that is over, and completes its verdicts. */
export function closeGuard(story: Story): void {
  const { guard } = story;
  if (guard === null) {
    return;
  }
  const { during, stream } = guard;
  if (during !== null && !during.isDone) {
    during.isDone = true;
    during.cut.abort();
    skipRules(story, during.rules, "during", "The request ended before the check did.");
  }
  stream?.close();
}

/**
 * Whether the request's content may be stored: never before the rules that take something out of it
 * have run, and not when one of them could not.
 */
export function isStorable({ isScreened, guard }: Story): boolean {
  return isScreened ? (guard?.isStorable ?? true) : currentSnapshot().rules.length === 0;
}

/**
 * Whether every rule on answers has read this one. Another caller's request trusts a stored answer
 * to be checked, so one that was let through unread is not stored.
 */
export function wasChecked({ verdicts }: Story): boolean {
  return !verdicts.some(({ stage, state }) => stage === "post" && state === "failed");
}

/** Whether a rule that holds requests up has read nothing of what it should have, or not all of it. */
export function leavesUnread({ state, mode, action }: VerdictRecord): boolean {
  return state === "failed" && isHolding({ mode, action });
}

/** Notes rules that had no occasion to run. */
export function skipRules(
  story: Story,
  rules: readonly CompiledRule[],
  stage: RuleStage,
  reason: string,
): void {
  story.verdicts.push(...rules.map((compiled) => skippedVerdict(compiled, stage, reason)));
}
