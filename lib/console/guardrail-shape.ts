import { type StageChoice, stagesOf } from "#lib/contract/guardrail.ts";
import type { RuleAction, RuleType } from "#lib/contract/guardrail-verdict.ts";
import { ConduitError, isConduitError } from "#lib/errors.ts";
import { assertRuleShape } from "#lib/guardrails/rule-shape.ts";

/** What makes a rule possible or impossible, as it would be saved. */
export interface RuleShapeInput {
  type: RuleType;
  stage: StageChoice;
  action: RuleAction;
  config: Record<string, unknown>;
  hasSecret: boolean;
}

/**
 * The config of a rule as its type's schema makes it. Throws 400 naming the field of the admin API
 * that is at fault: a stage or an action that the type does not have, a config that its schema or
 * its check refuses, a secret that is missing.
 */
export function readShape({ stage, ...shape }: RuleShapeInput): Record<string, unknown> {
  try {
    // Every type's schema is of an object.
    return assertRuleShape({ ...shape, stages: stagesOf(stage) }) as Record<string, unknown>;
  } catch (error) {
    if (isConduitError(error) && error.param === "stages") {
      // One field here says at which stages a rule runs.
      throw new ConduitError(error.code, { message: error.message, param: "stage", cause: error });
    }
    throw error;
  }
}
