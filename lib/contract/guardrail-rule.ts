import type { RuleAction, RuleFail, RuleMode, RuleStage, RuleType } from "./guardrail-verdict.ts";
import type { SecretValue } from "./snapshot.ts";

/**
 * What a rule holds for. Rules of all scopes that a request falls under apply to it together, so
 * that a narrower scope can only add to what a wider one demands.
 */
export type RuleScope =
  | { kind: "organization" }
  | { kind: "team"; id: string }
  | { kind: "key"; id: string }
  /** Requests that ask for the alias by this name. */
  | { kind: "alias"; name: string };

/** One guardrail rule as requests see it. */
export interface GuardrailRule {
  id: string;
  name: string;
  /** Raised by every edit. */
  version: number;
  type: RuleType;
  stages: readonly RuleStage[];
  action: RuleAction;
  mode: RuleMode;
  scope: RuleScope;
  /** What happens to a request when the rule cannot say anything about it. */
  fail: RuleFail;
  /** Lower runs first. */
  priority: number;
  /** As the rule type's schema made it. */
  config: unknown;
  /** A signing secret or an API key, for types that talk to another service. */
  secret: SecretValue | null;
  /** What a caller is told who is blocked; the gateway's own words when null. */
  message: string | null;
}
