import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import type { RuleAction, RuleStage, VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import type { CheckContext, Match } from "./define-rule.ts";
import type { Masks } from "./mask.ts";
import type { CompiledRule } from "./policy.ts";
import {
  type CheckTools,
  failed,
  LOCAL_BUDGET_MS,
  type RunResult,
  runLocal,
  runRemote,
  skippedVerdict,
  verdictOf,
} from "./run-rule.ts";
import { applySpans, mergeSpans, redactionLabel, type Span } from "./spans.ts";
import { openStageClock, type StageClock } from "./stage-clock.ts";
import type { TextSlot } from "./texts.ts";

export interface StageInput {
  stage: RuleStage;
  /** In the order in which they run. */
  rules: readonly CompiledRule[];
  /** Changed in place by rules that redact or mask, and by those that block. */
  texts: readonly TextSlot[];
  /** Why a part of the body can be read by no rule; `null` when all of it can. */
  unreadable: string | null;
  /** Where placeholders are made; a stage that cannot mask needs none. */
  masks: Masks;
  tools: CheckTools;
}

export interface Block {
  rule: GuardrailRule;
  /** `failed`: nothing was found, but the rule demands to be heard. */
  why: "found" | "failed";
}

export interface StageResult {
  verdicts: VerdictRecord[];
  /** The first rule that stops the request. */
  block: Block | null;
  /**
   * Whether every rule that takes something out of texts has run on them. Only then is what they
   * hold fit to be stored.
   */
  isClean: boolean;
}

/** Actions of rules that hold a request up; the others only tell. */
const HOLDING = new Set<RuleAction>(["block", "redact", "mask"]);

const STUCK =
  "It found something in a key, a number, a tool's name or a document, where nothing can be replaced.";

/** Whether a rule may change or stop what it looks at. */
export function isHolding({ mode, action }: Pick<GuardrailRule, "mode" | "action">): boolean {
  return mode === "enforced" && HOLDING.has(action);
}

/** Whether a rule that could not say anything stops the request. */
export function stopsWhenFailed(rule: GuardrailRule): boolean {
  return isHolding(rule) && rule.fail === "closed";
}

/**
 * Runs the rules of one stage on complete texts. Local rules that follow each other read the same
 * text, and so do rules that ask other services, which are asked at once; what those before have
 * redacted or masked is never sent to them. After a block no other service is asked, but local rules
 * go on, for what they find must not be stored either.
 */
export async function screenStage(input: StageInput): Promise<StageResult> {
  const result: StageResult = { verdicts: [], block: null, isClean: true };
  const { texts, rules, unreadable } = input;
  if (rules.some(({ rule }) => rule.action === "mask")) {
    input.masks.avoid(texts);
  }
  const clock = openStageClock(input.tools.signal);
  try {
    for (const group of groupsOf(rules)) {
      if (texts.length === 0 && unreadable === null) {
        skip(result, input.stage, group, "There was no text to read.");
      } else if (unreadable !== null) {
        settle(
          input,
          result,
          group,
          group.map(() => failed(unreadable, 0)),
        );
      } else if (result.block !== null && isRemote(group[0])) {
        skip(result, input.stage, group, "The request was blocked before.");
        result.isClean &&= !group.some(({ rule }) => isHolding(rule));
      } else {
        settle(input, result, group, await runGroup(input, group, clock));
      }
    }
  } finally {
    clock.close();
  }
  return result;
}

function isRemote(compiled: CompiledRule | undefined): boolean {
  return compiled?.check?.kind === "remote";
}

/** Rules in their order, cut where local ones and others meet. */
function groupsOf(rules: readonly CompiledRule[]): CompiledRule[][] {
  const groups: CompiledRule[][] = [];
  for (const rule of rules) {
    const last = groups.at(-1);
    if (last !== undefined && isRemote(last[0]) === isRemote(rule)) {
      last.push(rule);
    } else {
      groups.push([rule]);
    }
  }
  return groups;
}

function skip(
  result: StageResult,
  stage: RuleStage,
  group: readonly CompiledRule[],
  reason: string,
): void {
  result.verdicts.push(...group.map((compiled) => skippedVerdict(compiled, stage, reason)));
}

async function runGroup(
  { stage, texts, tools }: StageInput,
  group: readonly CompiledRule[],
  clock: StageClock,
): Promise<RunResult[]> {
  const countTokens = (): number => tools.countTokens(texts.map(({ text }) => text));
  const context: CheckContext = { stage, countTokens };
  if (isRemote(group[0])) {
    const { signal } = clock;
    const powers = tools.powersFor(signal);
    const asked = group.map((rule) => runRemote(rule, texts, { ...context, signal, powers }));
    return await Promise.all(asked);
  }
  let spentUs = 0;
  return group.map((rule) => {
    if (spentUs > LOCAL_BUDGET_MS * 1000) {
      return failed("The checks before it took all of the time.", 0);
    }
    const run = runLocal(rule, texts, context);
    spentUs += run.durationUs;
    return run;
  });
}

/** Notes what a group has found, and carries it out on the texts. */
function settle(
  input: StageInput,
  result: StageResult,
  group: readonly CompiledRule[],
  runs: readonly RunResult[],
): void {
  const spans = new Map<number, Span[]>();
  for (const [at, compiled] of group.entries()) {
    const run = runs[at];
    if (run !== undefined) {
      const outcome = outcomeOf(compiled.rule, run, input.texts);
      result.verdicts.push(verdictOf(compiled, input.stage, outcome));
      note(result, compiled.rule, outcome);
      if (run.state === "done" && run.finding.triggered && isHolding(compiled.rule)) {
        result.isClean &&= !findsFixed(run, input.texts);
        collect(spans, compiled.rule, run.finding.matches, input.texts);
      }
    }
  }
  for (const [at, found] of spans) {
    const slot = input.texts[at];
    slot?.replace(
      applySpans(slot.text, mergeSpans(found), ({ kind, isMasked, replacement }, value) =>
        isMasked ? input.masks.placeholderOf(kind, value) : (replacement ?? redactionLabel(kind)),
      ),
    );
  }
}

/** What a run comes to: a rule that was to replace what cannot be replaced has failed. */
function outcomeOf(rule: GuardrailRule, run: RunResult, texts: readonly TextSlot[]): RunResult {
  return isHolding(rule) && rule.action !== "block" && findsFixed(run, texts)
    ? failed(STUCK, run.durationUs)
    : run;
}

/** Whether something was found where nothing can be put in its place. */
function findsFixed(run: RunResult, texts: readonly TextSlot[]): boolean {
  return (
    run.state === "done" &&
    run.finding.triggered &&
    run.finding.matches.some(({ at }) => texts[at]?.isFixed === true)
  );
}

/** What one run means for the stage as a whole. */
function note(result: StageResult, rule: GuardrailRule, run: RunResult): void {
  if (run.state === "failed") {
    result.isClean &&= !isHolding(rule);
    result.block ??= stopsWhenFailed(rule) ? { rule, why: "failed" } : null;
  } else if (run.finding.triggered && isHolding(rule) && rule.action === "block") {
    result.block ??= { rule, why: "found" };
  }
}

function collect(
  into: Map<number, Span[]>,
  rule: GuardrailRule,
  matches: readonly Match[],
  texts: readonly TextSlot[],
): void {
  const isMasked = rule.action === "mask";
  for (const { at, start, end, kind, replacement } of matches) {
    if (texts[at]?.isFixed === true) {
      continue;
    }
    const known = into.get(at) ?? [];
    known.push({ start, end, kind, isMasked, replacement });
    into.set(at, known);
  }
  if (matches.length === 0 && rule.action !== "block") {
    // It judges texts as a whole, so they go as a whole.
    for (const [at, { text, isFixed }] of texts.entries()) {
      if (isFixed !== true) {
        into.set(at, [{ start: 0, end: text.length, kind: rule.type, isMasked }]);
      }
    }
  }
}
