import { createHash } from "node:crypto";
import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import type { RuleStage } from "#lib/contract/guardrail-verdict.ts";
import { singleton } from "#lib/singleton.ts";
import type { RuleCheck } from "./define-rule.ts";
import { getRule } from "./rules/index.ts";

/** Whom a request falls under. */
export interface RuleSubject {
  teamId: string | null;
  keyId: string;
  /** The alias that the model's name resolved to. */
  alias: string | null;
}

/** A rule with its check, made once for each version. */
export interface CompiledRule {
  rule: GuardrailRule;
  /** `null` when the check could not be made; the rule then fails, and its fail mode decides. */
  check: RuleCheck | null;
  /** Why there is no check. */
  fault: string | null;
}

/**
 * The rules of every scope that a request falls under, in the order in which they run. All of them
 * hold together: a narrower scope adds to a wider one and takes nothing away.
 */
export function rulesFor(
  rules: readonly GuardrailRule[],
  subject: RuleSubject,
): readonly GuardrailRule[] {
  return rules.length === 0 ? rules : rules.filter((rule) => isUnder(rule, subject));
}

function isUnder({ scope, mode }: GuardrailRule, subject: RuleSubject): boolean {
  if (mode === "off") {
    return false;
  }
  switch (scope.kind) {
    case "organization":
      return true;
    case "team":
      return scope.id === subject.teamId;
    case "key":
      return scope.id === subject.keyId;
    case "alias":
      return scope.name === subject.alias;
    default:
      return scope satisfies never;
  }
}

/** The rules of one stage, each with its check. */
export function compileStage(rules: readonly GuardrailRule[], stage: RuleStage): CompiledRule[] {
  return rules.filter((rule) => rule.stages.includes(stage)).map(compileRule);
}

/**
 * Names what a set of rules may do to a request and its answer: an answer that was stored under one
 * name must not be given under another. Rules that only watch do not count.
 */
export function policyIdOf(rules: readonly GuardrailRule[]): string {
  const parts = rules.filter(({ mode }) => mode === "enforced").map((r) => `${r.id}:${r.version}`);
  return parts.length === 0
    ? "none"
    : createHash("sha256").update(parts.join(",")).digest("base64url");
}

/** Rules that were removed leave their checks behind; then all are made again, which is cheap. */
const MAX_COMPILED = 1000;

function compileRule(rule: GuardrailRule): CompiledRule {
  const compiled = singleton("guardrails.compiled", () => new Map<string, CompiledRule>());
  const known = compiled.get(rule.id);
  if (known?.rule.version === rule.version) {
    // Its name, scope or mode may have come with another snapshot.
    return known.rule === rule ? known : { ...known, rule };
  }
  if (compiled.size >= MAX_COMPILED) {
    compiled.clear();
  }
  const made = { rule, ...makeCheck(rule) };
  compiled.set(rule.id, made);
  return made;
}

function makeCheck(rule: GuardrailRule): Pick<CompiledRule, "check" | "fault"> {
  const definition = getRule(rule.type);
  if (definition === undefined) {
    return { check: null, fault: `This version knows no rules of the type ${rule.type}.` };
  }
  try {
    return { check: definition.compile(definition.config.parse(rule.config)), fault: null };
  } catch {
    // The message could quote the configuration, which verdicts do not show.
    return { check: null, fault: "The rule's settings are not valid in this version." };
  }
}
