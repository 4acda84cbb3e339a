import { z } from "zod";
import {
  type GuardrailInfo,
  type GuardrailType,
  type guardrailCreate,
  stageChoiceOf,
} from "#lib/contract/guardrail.ts";
import { instantOf } from "#lib/contract/instants.ts";
import type { GuardrailRuleRow } from "#lib/db/snapshot-rules.ts";
import { scopeOf } from "#lib/db/snapshot-rules.ts";
import type { RuleDefinition } from "#lib/guardrails/define-rule.ts";
import { listRules } from "#lib/guardrails/rules/index.ts";

/** A rule as it is shown: everything but its secret. */
export function ruleInfoOf(row: GuardrailRuleRow): GuardrailInfo {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    type: row.type,
    stage: stageChoiceOf(row.stages),
    action: row.action,
    mode: row.mode,
    scope: scopeOf(row),
    fail: row.fail,
    priority: row.priority,
    config: row.config,
    secret: { set: row.secretKeyVersion !== null, last4: row.secretLast4 },
    message: row.message,
    version: row.version,
    created_at: instantOf(row.createdAt),
    updated_at: instantOf(row.updatedAt),
  };
}

/** The columns of a scope. */
export function scopeColumnsOf(
  scope: NonNullable<z.infer<typeof guardrailCreate>["scope"]>,
): Pick<GuardrailRuleRow, "scopeKind" | "scopeRef"> {
  switch (scope.kind) {
    case "organization":
      return { scopeKind: scope.kind, scopeRef: null };
    case "alias":
      return { scopeKind: scope.kind, scopeRef: scope.name };
    case "team":
    case "key":
      return { scopeKind: scope.kind, scopeRef: scope.id };
    default:
      return scope satisfies never;
  }
}

/** Every type of rule with what it takes, as JSON Schema. */
export function showRuleTypes(): GuardrailType[] {
  return listRules().map(typeOf);
}

function typeOf(rule: RuleDefinition<unknown>): GuardrailType {
  const { type, label, description, stages, actions, secret } = rule;
  return {
    type,
    label,
    description,
    stages: [...stages],
    actions: [...actions],
    secret: secret ?? null,
    config_schema: configSchemaOf(rule),
  };
}

/** What a type's config looks like when it is sent: with defaults, so that they may be left out. */
export function configSchemaOf(rule: RuleDefinition<unknown>): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(rule.config, {
    io: "input",
    unrepresentable: "any",
  });
  return schema;
}
