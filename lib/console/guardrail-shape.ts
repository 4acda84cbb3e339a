import { type StageChoice, stagesOf } from "#lib/contract/guardrail.ts";
import type { RuleAction, RuleType } from "#lib/contract/guardrail-verdict.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { ConduitError, isConduitError } from "#lib/errors.ts";
import { assertRuleShape } from "#lib/guardrails/rule-shape.ts";
import { checkUpstreamUrl } from "#lib/providers/egress-policy.ts";
import { resolveName } from "#lib/routing/group.ts";
import { requireNamed } from "./found.ts";

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
 * its check refuses, a secret that is missing, an address that may not be called.
 */
export function readShape({ stage, ...shape }: RuleShapeInput): Record<string, unknown> {
  try {
    const made = assertRuleShape({ ...shape, stages: stagesOf(stage) });
    // Every type's schema is of an object.
    const config = made as Record<string, unknown>;
    assertModels(config);
    assertAddresses(config);
    return config;
  } catch (error) {
    if (isConduitError(error) && error.param === "stages") {
      // One field here says at which stages a rule runs.
      throw new ConduitError(error.code, { message: error.message, param: "stage", cause: error });
    }
    throw error;
  }
}

/** Fields of rules that name a model, a deployment or an alias. */
const MODEL_FIELDS = ["model", "judge_model", "moderation_model"] as const;

/** A rule that asks a model which does not exist would fail on every request from its first one on. */
function assertModels(config: Readonly<Record<string, unknown>>): void {
  for (const field of MODEL_FIELDS) {
    const name = config[field];
    if (typeof name === "string") {
      const named = resolveName(currentSnapshot(), name);
      requireNamed(named, { param: `config.${field}`, what: "model" });
    }
  }
}

/** Fields of rules that name a service, which is called with what the request says. */
const ADDRESS_FIELDS = ["url", "analyzer_url", "anonymizer_url"] as const;

function assertAddresses(config: Readonly<Record<string, unknown>>): void {
  for (const field of ADDRESS_FIELDS) {
    const address = config[field];
    const verdict = typeof address === "string" ? checkUpstreamUrl(address) : { allowed: true };
    if (!verdict.allowed) {
      throw new ConduitError("invalid_value", {
        message: `'config.${field}' may not be called. ${verdict.reason ?? ""}`.trim(),
        param: `config.${field}`,
      });
    }
  }
}
