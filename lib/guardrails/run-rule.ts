import type { RuleStage, VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import { isConduitError } from "#lib/errors.ts";
import type {
  CheckContext,
  Finding,
  Match,
  RemoteContext,
  RulePowers,
  ScannedText,
} from "./define-rule.ts";
import type { CompiledRule } from "./policy.ts";

/** What a stage's checks may use. */
export interface CheckTools {
  /** Powers whose calls end with the signal. */
  powersFor(signal: AbortSignal): RulePowers;
  /** Ends the checks of other services: the request is over. */
  signal: AbortSignal;
  /** Tokens of texts; handed in, for counting is another room's work. */
  countTokens(texts: readonly string[]): number;
}

/** What one run of a check came to. */
export type RunResult =
  | { state: "done"; finding: Finding; durationUs: number }
  | { state: "failed"; reason: string; durationUs: number };

/** How long all checks of other services may take for one stage, in milliseconds. */
export const REMOTE_BUDGET_MS = 2_000;
/** How long all local checks may take for one stage, in milliseconds. */
export const LOCAL_BUDGET_MS = 250;
/**
 * So many UTF-16 units of one stage's texts together are checked locally, and none of more: one check
 * cannot be interrupted, and nobody else is served until it is done.
 */
export const MAX_LOCAL_UNITS = 1024 * 1024;

/** Runs a local check. Too much text, and whatever it throws, means that it could not say anything. */
export function runLocal(
  { check, fault }: CompiledRule,
  texts: readonly ScannedText[],
  context: CheckContext,
): RunResult {
  if (check?.kind !== "local") {
    return failed(fault ?? "The check asks another service.", 0);
  }
  if (check.readsAnyLength !== true && unitsOf(texts) > MAX_LOCAL_UNITS) {
    return failed("There is more text than is checked: all of it together may have 1 MiB.", 0);
  }
  const startedAt = performance.now();
  try {
    const finding = check.check(texts, context);
    return settle(finding, texts, startedAt);
  } catch {
    return failed("The check failed.", since(startedAt));
  }
}

function unitsOf(texts: readonly ScannedText[]): number {
  return texts.reduce((units, { text }) => units + text.length, 0);
}

/** Runs a check that asks somebody else, until `signal` says that the time is over. */
export async function runRemote(
  { check, fault, rule }: CompiledRule,
  texts: readonly ScannedText[],
  context: Omit<RemoteContext, "secret">,
): Promise<RunResult> {
  if (check?.kind !== "remote") {
    return failed(fault ?? "The check is a local one.", 0);
  }
  const startedAt = performance.now();
  const { signal } = context;
  const ended = Promise.withResolvers<never>();
  const end = (): void => ended.reject(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  // Nobody waits for it any more once the check has answered.
  ended.promise.catch(() => undefined);
  try {
    signal.throwIfAborted();
    const asked = check.check(texts, { ...context, secret: rule.secret });
    const finding = await Promise.race([asked, ended.promise]);
    return settle(finding, texts, startedAt);
  } catch (thrown) {
    return failed(reasonOf(thrown, signal), since(startedAt));
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** The verdict on one run. */
export function verdictOf({ rule }: CompiledRule, stage: RuleStage, run: RunResult): VerdictRecord {
  const base = verdictBase({ rule }, stage);
  const durationUs = Math.round(run.durationUs);
  if (run.state === "failed") {
    return { ...base, state: "failed", durationUs, reason: run.reason };
  }
  const { finding } = run;
  if (finding.skipped !== undefined) {
    return { ...base, state: "skipped", durationUs, reason: finding.skipped };
  }
  const kinds = kindsOf(finding);
  return {
    ...base,
    state: finding.triggered ? "acted" : "passed",
    matches: Object.values(kinds).reduce((sum, count) => sum + count, 0),
    kinds,
    score: finding.score ?? null,
    durationUs,
  };
}

/** The verdict of a rule that had nothing to do, or no time to do it. */
export function skippedVerdict(
  compiled: Pick<CompiledRule, "rule">,
  stage: RuleStage,
  reason: string,
): VerdictRecord {
  return { ...verdictBase(compiled, stage), state: "skipped", reason };
}

function verdictBase({ rule }: Pick<CompiledRule, "rule">, stage: RuleStage): VerdictRecord {
  return {
    ruleId: rule.id,
    ruleName: rule.name,
    ruleVersion: rule.version,
    type: rule.type,
    stage,
    action: rule.action,
    mode: rule.mode === "enforced" ? "enforced" : "shadow",
    state: "passed",
    matches: 0,
    kinds: {},
    score: null,
    durationUs: 0,
    reason: null,
  };
}

/** Counts by kind: of the spans, or those that the rule has counted itself. */
function kindsOf({ matches, kinds }: Finding): Record<string, number> {
  const counts: Record<string, number> = { ...kinds };
  if (kinds === undefined) {
    for (const { kind } of matches) {
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return counts;
}

export function failed(reason: string, durationUs: number): RunResult {
  return { state: "failed", reason, durationUs };
}

/** A finding whose spans lie inside of the texts; another is nonsense, and acted upon by nobody. */
function settle(finding: Finding, texts: readonly ScannedText[], startedAt: number): RunResult {
  const durationUs = since(startedAt);
  return finding.matches.every((match) => isInside(match, texts))
    ? { state: "done", finding, durationUs }
    : failed("The check named places that are not in the text.", durationUs);
}

function isInside({ at, start, end }: Match, texts: readonly ScannedText[]): boolean {
  const length = texts[at]?.text.length ?? -1;
  return start >= 0 && start < end && end <= length;
}

function reasonOf(thrown: unknown, signal: AbortSignal): string {
  if (signal.aborted) {
    return signal.reason instanceof StageTimeout
      ? `The check took longer than ${REMOTE_BUDGET_MS / 1000} s.`
      : "The request ended before the check did.";
  }
  return isConduitError(thrown) || isSentence(thrown) ? thrown.message : "The check failed.";
}

/**
 * Rules throw plain errors with a sentence about the service that they ask. Those of the language may
 * quote what they stumbled over, and those of Node, which carry a code, paths of the machine.
 */
function isSentence(thrown: unknown): thrown is Error {
  return thrown instanceof Error && thrown.constructor === Error && !("code" in thrown);
}

/** Why the checks of a stage are cut. */
export class StageTimeout extends Error {}

function since(startedAt: number): number {
  return (performance.now() - startedAt) * 1000;
}
