import type { Answer, StreamAnswer, StreamEvent, WholeAnswer } from "#lib/contract/answer.ts";
import type { InferenceRequest } from "#lib/contract/inference-request.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { ConduitError, toConduitError } from "#lib/errors.ts";
import { Masks } from "#lib/guardrails/mask.ts";
import { type CompiledRule, compileStage, policyIdOf, rulesFor } from "#lib/guardrails/policy.ts";
import type { CheckTools } from "#lib/guardrails/run-rule.ts";
import { type Block, screenStage } from "#lib/guardrails/screen.ts";
import { ScreenedStream } from "#lib/guardrails/stream.ts";
import { readAnswerTexts, type ScannedBody } from "#lib/guardrails/texts.ts";
import { estimateTokens } from "#lib/ledger/token-count.ts";
import { type Guard, leavesUnread, skipRules } from "./guard.ts";
import { textOfDelta } from "./meter.ts";
import { readTextsOf } from "./request-texts.ts";
import { openPowers } from "./rule-powers.ts";
import type { Story } from "./story.ts";

/** Is it safe: runs the rules of the stage before, and starts those that run beside the upstream. */
export async function screenRequest(story: Story): Promise<void> {
  const { rules: all } = currentSnapshot();
  const rules = all.length === 0 ? all : rulesFor(all, subjectOf(story));
  if (rules.length === 0) {
    story.isScreened = true;
    return;
  }
  const guard: Guard = { rules, masks: new Masks(), isStorable: false, during: null, stream: null };
  story.guard = guard;
  const pre = compileStage(rules, "pre");
  const blocked = pre.length === 0 ? null : await screenBefore(story, guard, pre);
  guard.isStorable = blocked?.isStorable ?? true;
  story.isScreened = true;
  if (blocked?.error != null) {
    throw blocked.error;
  }
  const during = compileStage(rules, "during");
  if (during.length > 0) {
    startDuring(story, guard, during);
  }
}

/** Is the answer safe: waits for the rules that ran beside the upstream, then runs those on answers. */
export async function screenAnswer(story: Story, answer: Answer): Promise<Answer> {
  const { guard } = story;
  if (guard === null) {
    return answer;
  }
  const blocked = (await guard.during?.verdict) ?? null;
  if (blocked !== null) {
    await discard(story, answer);
    throw blocked;
  }
  const post = compileStage(guard.rules, "post");
  if (post.length === 0) {
    return answer;
  }
  if (story.cacheHit !== null) {
    skipRules(story, post, "post", "The cache keeps only answers that were checked.");
    return answer;
  }
  return answer.kind === "whole"
    ? await screenWhole(story, guard, post, answer)
    : await screenStream(story, guard, post, answer);
}

/** Names what guardrails may do to this request, for keys of stored answers. */
export function guardPolicyId({ guard }: Story): string {
  return policyIdOf(guard?.rules ?? []);
}

function subjectOf({ caller, alias }: Story): Parameters<typeof rulesFor>[1] {
  return { teamId: caller?.teamId ?? null, keyId: caller?.keyId ?? "", alias };
}

async function screenBefore(
  story: Story,
  { masks }: Guard,
  rules: readonly CompiledRule[],
): Promise<{ isStorable: boolean; error: ConduitError | null }> {
  const scanned = readTextsOf(story);
  const tools = toolsOf(story, story.exchange.signal);
  const input = { stage: "pre", rules, texts: scanned.slots, masks, tools } as const;
  const result = await screenStage({ ...input, unreadable: scanned.unreadable });
  story.verdicts.push(...result.verdicts);
  takeOver(story, scanned);
  const error = result.block === null ? null : blockedError(result.block, "request");
  return { isStorable: result.isClean, error };
}

/** The request as rules have left it, for the upstream and for storage. */
function takeOver(story: Story, scanned: ScannedBody): void {
  const body = scanned.body();
  if (body !== story.request) {
    // Only texts were replaced by texts: it is what the endpoint's schema has accepted.
    story.request = body as InferenceRequest;
    story.payload?.replaceRequest(body);
  }
}

function startDuring(story: Story, guard: Guard, rules: readonly CompiledRule[]): void {
  const cut = new AbortController();
  const signal = AbortSignal.any([story.exchange.signal, cut.signal]);
  guard.during = { rules, isDone: false, cut, verdict: runDuring(story, guard, rules, signal) };
}

async function runDuring(
  story: Story,
  guard: Guard,
  rules: readonly CompiledRule[],
  signal: AbortSignal,
): Promise<ConduitError | null> {
  // The upstream is asked first: what these rules take is not to be waited for.
  await new Promise((resolve) => setImmediate(resolve));
  try {
    const scanned = readTextsOf(story);
    const { slots: texts, unreadable } = scanned;
    const tools = toolsOf(story, signal);
    const input = { stage: "during", rules, texts, unreadable, masks: guard.masks, tools } as const;
    const result = await screenStage(input);
    if (guard.during === null || guard.during.isDone) {
      return null;
    }
    guard.during.isDone = true;
    guard.isStorable &&= result.isClean;
    story.verdicts.push(...result.verdicts);
    if (result.block === null) {
      return null;
    }
    story.payload?.replaceRequest(scanned.body());
    return cutWith(story, blockedError(result.block, "request"));
  } catch (thrown) {
    return cutWith(story, toConduitError(thrown));
  }
}

/** Cuts the upstream, which throws the reason to whoever waits for it. */
function cutWith({ exchange }: Story, error: ConduitError): ConduitError {
  exchange.cut.abort(error);
  return error;
}

async function screenWhole(
  story: Story,
  guard: Guard,
  rules: readonly CompiledRule[],
  answer: WholeAnswer,
): Promise<WholeAnswer> {
  const { slots: texts, unreadable, body } = readAnswerTexts(answer.body);
  const tools = toolsOf(story, story.exchange.signal);
  const input = { stage: "post", rules, texts, unreadable, masks: new Masks(), tools } as const;
  const result = await screenStage(input);
  story.verdicts.push(...result.verdicts);
  if (result.block !== null) {
    await discard(story, answer);
    throw blockedError(result.block, "answer");
  }
  guard.isStorable &&= result.isClean;
  const screened = body();
  if (screened === answer.body) {
    return answer;
  }
  const { raw: _, ...rest } = answer;
  return { ...rest, body: screened };
}

async function screenStream(
  story: Story,
  guard: Guard,
  rules: readonly CompiledRule[],
  { batches }: StreamAnswer,
): Promise<StreamAnswer> {
  const stream = new ScreenedStream({
    batches,
    rules,
    tools: toolsOf(story, story.exchange.signal),
    blocked: (block) => blockedError(block, "answer"),
    onVerdicts: (verdicts) => {
      story.verdicts.push(...verdicts);
      guard.isStorable &&= !verdicts.some(leavesUnread);
    },
    onWithheld: (events, isComplete) => countWithheld(story, events, isComplete),
  });
  guard.stream = stream;
  return { kind: "stream", batches: await stream.begin() };
}

/** An answer that nobody gets is paid for all the same. */
async function discard(story: Story, answer: Answer): Promise<void> {
  if (answer.kind === "stream") {
    await answer.batches[Symbol.asyncIterator]().return?.();
    return;
  }
  story.usage = answer.usage ?? null;
  if (answer.usage === undefined) {
    const { slots } = readAnswerTexts(answer.body);
    story.deliveredText = slots.map(({ text }) => text).join("");
  }
}

function countWithheld(story: Story, events: readonly StreamEvent[], isComplete: boolean): void {
  for (const { chunk, usage } of events) {
    story.usage = usage ?? story.usage;
    for (const { delta } of chunk.choices) {
      story.deliveredText += textOfDelta(delta);
    }
  }
  if (isComplete && story.usage !== null) {
    // The upstream has told its final figures; no text has to be counted.
    story.deliveredText = "";
  }
}

function toolsOf(story: Story, signal: AbortSignal): CheckTools {
  return {
    signal,
    powersFor: (stage) => openPowers(story, stage),
    countTokens: estimateTokens,
  };
}

function blockedError({ rule, why }: Block, what: "request" | "answer"): ConduitError {
  if (why === "failed") {
    const message = `The guardrail "${rule.name}" could not check the ${what}, and nothing may pass it unchecked.`;
    // An answer that nobody got is paid for all the same, and would be bought again.
    return new ConduitError("guardrail_unavailable", { message, retry: what === "request" });
  }
  const message = rule.message ?? `The ${what} was blocked by the guardrail "${rule.name}".`;
  return new ConduitError("content_blocked", { message });
}
