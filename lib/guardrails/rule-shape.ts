import type { RuleAction, RuleStage, RuleType } from "#lib/contract/guardrail-verdict.ts";
import { errorOfIssues } from "#lib/contract/issues.ts";
import { ConduitError } from "#lib/errors.ts";
import type { RuleDefinition } from "./define-rule.ts";
import { getRule } from "./rules/index.ts";

/** What of a rule decides whether it can exist. */
export interface RuleShape {
  type: RuleType;
  stages: readonly RuleStage[];
  action: RuleAction;
  config: unknown;
  hasSecret: boolean;
}

/** Why an action cannot be had in a stage, for those that cannot. */
const IMPOSSIBLE: Readonly<Partial<Record<RuleStage, Partial<Record<RuleAction, string>>>>> = {
  during: {
    redact: "the request is at the provider already, so nothing can be taken out of it",
    mask: "the request is at the provider already, so nothing can be taken out of it",
  },
  post: { mask: "an answer has nothing to be restored to; redact takes out what was found" },
};

/**
 * The rule's config as its type's schema reads it. Throws a `ConduitError` that names the field
 * (`action`, `stages`, `config.pattern`, `secret`) for a rule that could never run as it is.
 */
export function assertRuleShape(shape: RuleShape): unknown {
  const definition = getRule(shape.type);
  if (definition === undefined) {
    throw refused("type", `There are no rules of the type ${shape.type}.`);
  }
  assertStages(definition, shape);
  assertAction(definition, shape);
  if (definition.secret?.required === true && !shape.hasSecret) {
    throw refused("secret", `${definition.label} needs a secret: ${definition.secret.label}.`);
  }
  if (definition.secret === undefined && shape.hasSecret) {
    throw refused("secret", `${definition.label} has no use for a secret.`);
  }
  return assertConfig(definition, shape.config);
}

function assertStages(definition: RuleDefinition<unknown>, { stages }: RuleShape): void {
  if (stages.length === 0) {
    throw refused("stages", "A rule needs at least one stage.");
  }
  const odd = stages.find((stage) => !definition.stages.includes(stage));
  if (odd !== undefined) {
    throw refused(
      "stages",
      `${definition.label} cannot run in the stage ${odd}, only in: ${definition.stages.join(", ")}.`,
    );
  }
}

function assertAction(definition: RuleDefinition<unknown>, { action, stages }: RuleShape): void {
  if (!definition.actions.includes(action)) {
    throw refused(
      "action",
      `${definition.label} cannot ${action}, only: ${definition.actions.join(", ")}.`,
    );
  }
  for (const stage of stages) {
    const reason = IMPOSSIBLE[stage]?.[action];
    if (reason !== undefined) {
      throw refused("action", `${action} is not possible in the stage ${stage}: ${reason}.`);
    }
  }
}

function assertConfig(definition: RuleDefinition<unknown>, config: unknown): unknown {
  const checked = definition.config.safeParse(config);
  if (!checked.success) {
    const error = errorOfIssues(checked.error, config);
    const param = error.param === null ? "config" : `config.${error.param}`;
    throw new ConduitError(error.code, {
      message: error.param === null ? `'config' ${error.message}` : error.message,
      param,
    });
  }
  try {
    definition.compile(checked.data);
  } catch (cause) {
    throw new ConduitError("invalid_value", {
      message: cause instanceof Error ? cause.message : "The settings are not valid.",
      param: definition.compiles === undefined ? "config" : `config.${definition.compiles}`,
      cause,
    });
  }
  return checked.data;
}

function refused(param: string, message: string): ConduitError {
  return new ConduitError("invalid_value", { message, param });
}
