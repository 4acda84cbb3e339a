import type { ChatMessage } from "#lib/contract/chat.ts";
import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import type { GuardrailTest, GuardrailTestResult } from "#lib/contract/guardrail-test.ts";
import { resultOf, type VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import type { RuleVerdict } from "#lib/contract/rule-verdict.ts";
import { getApiKey } from "#lib/db/api-key-admin.ts";
import { getDb } from "#lib/db/client.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getTeam } from "#lib/db/teams.ts";
import { type RuleSubject, rulesFor } from "#lib/guardrails/policy.ts";
import { resolveName } from "#lib/routing/group.ts";
import { type Actor, assertWithinReach } from "./actor.ts";
import { requireNamed } from "./found.ts";
import { readTrialRule } from "./guardrail-draft.ts";
import { openTrialTools } from "./guardrail-powers.ts";
import { runTrial, type TrialStage } from "./guardrail-trial.ts";
import { mayTake } from "./permission.ts";

const TEST_TIMEOUT_MS = 30_000;
const US_PER_MS = 1000;

/**
 * What the rules would find in a request and an answer that somebody has made up, by the code that
 * serves requests. Nothing is stored. Rules that would ask a model or a service, past limits and the
 * log, are skipped for those who may not set rules. Throws 400 naming the field for a draft that could not be
 * saved, and 403 for one of somebody who may not set rules.
 */
export async function testGuardrails(
  actor: Actor,
  input: GuardrailTest,
  signal?: AbortSignal,
): Promise<GuardrailTestResult> {
  const named = await readTrialRule(actor, input);
  const subject = await readSubject(actor, input);
  const rules = rulesOf(input, { named, subject });
  const limit = AbortSignal.timeout(TEST_TIMEOUT_MS);
  const ended = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  const mayAsk = mayTake(actor.principal, "guardrail.set");
  const tools = openTrialTools(ended, { mayAsk });
  const { messages, answer } = input;
  const stages = await runTrial(
    rules,
    {
      endpoint: "chat",
      request: { messages },
      answer: answer === undefined ? null : answerOf(answer),
    },
    tools,
  );
  return resultOfStages(stages);
}

interface RuleChoice {
  named: GuardrailRule | undefined;
  subject: RuleSubject;
}

/** The rules in force with the draft in its place, or the named one alone. */
function rulesOf(
  { only, rule_id: replaced }: GuardrailTest,
  { named, subject }: RuleChoice,
): readonly GuardrailRule[] {
  if (named === undefined) {
    return rulesFor(currentSnapshot().rules, subject);
  }
  if (only) {
    return [named];
  }
  const others = currentSnapshot().rules.filter(({ id }) => id !== replaced);
  const all = [...others, named].toSorted((one, two) => one.priority - two.priority);
  return rulesFor(all, subject);
}

/** Whom the request is taken to be of. Throws 400 for a key or a team that does not exist. */
async function readSubject(actor: Actor, input: GuardrailTest): Promise<RuleSubject> {
  const { key_id: keyId, team_id: team, model } = input;
  const db = getDb("console");
  const alias = model === undefined ? null : aliasOf(model);
  if (keyId !== undefined) {
    const key = requireNamed(await getApiKey(db, { id: keyId }), { param: "key_id", what: "key" });
    assertWithinReach(actor, "key.read", { ...key, what: "key" });
    return { keyId, teamId: key.teamId, alias };
  }
  if (team !== undefined) {
    requireNamed(await getTeam(db, { id: team }), { param: "team_id", what: "team" });
    assertWithinReach(actor, "team.read", { userId: null, teamId: team, what: "team" });
  }
  return { keyId: "", teamId: team ?? null, alias };
}

function aliasOf(model: string): string | null {
  return resolveName(currentSnapshot(), model)?.alias?.name ?? null;
}

/** The whole answer of a model that says this. */
function answerOf(content: string): { choices: { index: number; message: ChatMessage }[] } {
  return { choices: [{ index: 0, message: { role: "assistant", content } }] };
}

function resultOfStages(stages: readonly TrialStage[]): GuardrailTestResult {
  const verdicts = stages.flatMap((stage) => stage.verdicts);
  const stopped = stages.find(({ block }) => block !== null);
  return {
    result: resultOf(verdicts),
    blocked: blockedOf(stopped),
    verdicts: verdicts.map(verdictOf),
    texts: stages.filter(({ stage }) => stage !== "during").flatMap(({ texts }) => texts),
  };
}

function blockedOf(stopped: TrialStage | undefined): GuardrailTestResult["blocked"] {
  const block = stopped?.block ?? null;
  if (stopped === undefined || block === null) {
    return null;
  }
  const { rule, why } = block;
  const message = why === "found" ? rule.message : null;
  return { stage: stopped.stage, rule: rule.name, why, message };
}

function verdictOf(verdict: VerdictRecord): RuleVerdict {
  const { ruleId, ruleName, durationUs, ruleVersion: _, ...rest } = verdict;
  return {
    ...rest,
    rule_id: ruleId,
    rule: ruleName,
    kinds: { ...rest.kinds },
    duration_ms: durationUs / US_PER_MS,
  };
}
