import type { GuardrailCreate, GuardrailInfo } from "#lib/contract/guardrail.ts";
import { stagesOf } from "#lib/contract/guardrail.ts";
import type { RuleStage, VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import type { RequestRecord } from "#lib/contract/record.ts";
import type { Actor } from "../actor.ts";
import { createRule } from "../guardrails.ts";
import type { Chance } from "./random.ts";

/** A rule of the company, and what it usually comes across. */
interface DemoRule {
  rule: GuardrailCreate;
  /** How often it finds something, by stage. */
  finds: Partial<Record<RuleStage, number>>;
  kinds: readonly [string, ...string[]];
  /** Whether it scores texts. */
  scores: boolean;
  durationUs: number;
}

const DEMO_RULES: readonly DemoRule[] = [
  {
    rule: {
      name: "Card numbers",
      description: "Payment cards never leave the company.",
      type: "pii",
      stage: "pre",
      action: "block",
      mode: "enforced",
      config: { kinds: ["payment_card"] },
      message: "The request holds a card number, which may not leave the company.",
    },
    finds: {},
    kinds: ["payment_card"],
    scores: false,
    durationUs: 60,
  },
  {
    rule: {
      name: "Personal data",
      description: "Watched before it is enforced.",
      type: "pii",
      stage: "both",
      action: "redact",
      mode: "shadow",
      config: { kinds: ["email", "phone", "iban"] },
    },
    finds: { pre: 0.05, post: 0.02 },
    kinds: ["email", "phone", "iban"],
    scores: false,
    durationUs: 140,
  },
  {
    rule: {
      name: "Prompt injection",
      type: "injection",
      stage: "pre",
      action: "warn",
      mode: "enforced",
      fail: "open",
      config: {},
    },
    finds: { pre: 0.004 },
    kinds: ["override"],
    scores: true,
    durationUs: 320,
  },
];

/** The company's rules as they were saved, each with what it comes across. */
export type Guards = readonly (DemoRule & { info: GuardrailInfo })[];

export async function setUpGuards(admin: Actor): Promise<Guards> {
  const guards: (DemoRule & { info: GuardrailInfo })[] = [];
  for (const demo of DEMO_RULES) {
    guards.push({ ...demo, info: await createRule(admin, demo.rule) });
  }
  return guards;
}

/** The company began to watch so many days ago; verdicts of a whole month would be most of the data. */
const WATCHED_DAYS = 3;
const DAY_MS = 86_400_000;

/** Requests that were refused before anybody looked at what they say. */
const UNREAD: ReadonlySet<RequestRecord["outcome"]> = new Set(["client_error", "limited"]);

/** A request with what the rules said of it. What was blocked was blocked by the first of them. */
export function guarded(
  record: RequestRecord,
  guards: Guards,
  { atMs, nowMs, chance }: { atMs: number; nowMs: number; chance: Chance },
): RequestRecord {
  const isBlocked = record.outcome === "blocked";
  const isWatched = atMs > nowMs - WATCHED_DAYS * DAY_MS && !UNREAD.has(record.outcome);
  if (!isBlocked && !isWatched) {
    return record;
  }
  const stages: readonly RuleStage[] = record.outcome === "ok" ? ["pre", "post"] : ["pre"];
  const verdicts = stages.flatMap((stage) =>
    guards
      .filter(({ rule }) => stagesOf(rule.stage).includes(stage))
      .map((guard, at) => verdictOf(guard, { stage, chance, isFound: isBlocked && at === 0 })),
  );
  return { ...record, verdicts };
}

function verdictOf(
  { info, finds, kinds, scores, durationUs }: Guards[number],
  { stage, chance, isFound }: { stage: RuleStage; chance: Chance; isFound: boolean },
): VerdictRecord {
  const hasActed = isFound || chance.happens(finds[stage] ?? 0);
  const matches = hasActed ? chance.between(1, scores ? 1 : 3) : 0;
  const score = hasActed ? 0.6 + 0.4 * chance.next() : 0.3 * chance.next();
  return {
    ruleId: info.id,
    ruleName: info.name,
    ruleVersion: info.version,
    type: info.type,
    stage,
    action: info.action,
    mode: info.mode === "enforced" ? "enforced" : "shadow",
    state: hasActed ? "acted" : "passed",
    matches,
    kinds: hasActed ? { [chance.pick(kinds)]: matches } : {},
    score: scores ? Math.round(score * 1000) / 1000 : null,
    durationUs: Math.round(chance.around(durationUs, 0.6)),
    reason: null,
  };
}
