import type { EndpointName } from "#lib/contract/answer.ts";
import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import type { TestText } from "#lib/contract/guardrail-test.ts";
import type { RuleStage } from "#lib/contract/guardrail-verdict.ts";
import type {
  CheckContext,
  Finding,
  RemoteContext,
  ScannedText,
} from "#lib/guardrails/define-rule.ts";
import { Masks } from "#lib/guardrails/mask.ts";
import { type CompiledRule, compileStage } from "#lib/guardrails/policy.ts";
import type { CheckTools } from "#lib/guardrails/run-rule.ts";
import { type StageResult, screenStage } from "#lib/guardrails/screen.ts";
import { readAnswerTexts, readRequestTexts, type ScannedBody } from "#lib/guardrails/texts.ts";
import { AskRefused } from "./guardrail-powers.ts";

/** A request that nobody makes, or that was made long ago. */
export interface TrialRequest {
  endpoint: EndpointName;
  request: object;
  /** A whole answer in OpenAI's shape; `null` where none is looked at. */
  answer: object | null;
}

/** What one stage of a trial came to. */
export interface TrialStage extends StageResult {
  stage: RuleStage;
  texts: TestText[];
}

/**
 * Runs rules on a request and its answer by the code that serves requests, stage by stage, and ends
 * where a request would have ended. Nothing is sent to a model, logged or charged.
 */
export async function runTrial(
  rules: readonly GuardrailRule[],
  trial: TrialRequest,
  tools: CheckTools,
): Promise<TrialStage[]> {
  const stages: TrialStage[] = [];
  const masks = new Masks();
  let { request } = trial;
  for (const stage of ["pre", "during", "post"] as const) {
    const body = bodyOf(stage, { ...trial, request });
    if (body === null || stages.some(({ block }) => block !== null)) {
      continue;
    }
    const ran = await runStage({ stage, rules, body, masks, tools });
    stages.push(ran);
    request = stage === "pre" ? body.body() : request;
  }
  return stages;
}

function bodyOf(stage: RuleStage, { endpoint, request, answer }: TrialRequest): ScannedBody | null {
  if (stage === "post") {
    return answer === null ? null : readAnswerTexts(answer);
  }
  return readRequestTexts(endpoint, request);
}

interface StageRun {
  stage: RuleStage;
  rules: readonly GuardrailRule[];
  body: ScannedBody;
  masks: Masks;
  tools: CheckTools;
}

async function runStage({ stage, rules, body, masks, tools }: StageRun): Promise<TrialStage> {
  const before = body.slots.map(({ text }) => text);
  const spans: TestText["spans"][] = before.map(() => []);
  const compiled = compileStage(rules, stage).map((rule) =>
    overheard(rule, (finding, read) => {
      for (const { at, start, end, kind } of finding.matches) {
        // A rule further down reads what those before it have left; its places are not of this text.
        if (read[at]?.text === before[at]) {
          spans[at]?.push({ start, end, kind, rule: rule.rule.name });
        }
      }
    }),
  );
  const { unreadable } = body;
  const result = await screenStage({
    stage,
    rules: compiled,
    texts: body.slots,
    unreadable,
    masks,
    tools,
  });
  return {
    ...result,
    stage,
    texts: body.slots.map((slot, at) => ({
      side: stage === "post" ? "answer" : "request",
      path: slot.path,
      origin: slot.origin,
      before: before[at] ?? "",
      after: slot.text,
      spans: (spans[at] ?? []).toSorted((one, two) => one.start - two.start),
    })),
  };
}

/** The same rule, whose findings are told to somebody who only listens. */
function overheard(
  compiled: CompiledRule,
  tell: (finding: Finding, texts: readonly ScannedText[]) => void,
): CompiledRule {
  const { check } = compiled;
  if (check === null) {
    return compiled;
  }
  const told = (finding: Finding, texts: readonly ScannedText[]): Finding => {
    tell(finding, texts);
    return finding;
  };
  if (check.kind === "local") {
    return {
      ...compiled,
      check: {
        ...check,
        check: (texts: readonly ScannedText[], context: CheckContext) =>
          told(check.check(texts, context), texts),
      },
    };
  }
  return {
    ...compiled,
    check: {
      ...check,
      check: async (texts: readonly ScannedText[], context: RemoteContext) =>
        told(await check.check(texts, context).catch(skipRefused), texts),
    },
  };
}

/** What may not be asked says nothing of the texts, and has not failed either. */
function skipRefused(thrown: unknown): Finding {
  if (thrown instanceof AskRefused) {
    return { triggered: false, matches: [], skipped: thrown.message };
  }
  throw thrown;
}
