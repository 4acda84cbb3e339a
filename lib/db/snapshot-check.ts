import { z } from "zod";
import {
  RULE_ACTIONS,
  RULE_FAILS,
  RULE_MODES,
  RULE_STAGES,
} from "#lib/contract/guardrail-verdict.ts";
import type { SnapshotRows } from "./snapshot-rows.ts";
import type { GuardrailRuleRow } from "./snapshot-rules.ts";

/**
 * What the admin API would never have written. Only columns that SQL lets hold more than they mean
 * are looked at; an unknown provider or a key that does not open is no fault of the configuration's
 * form, and makes its deployment inactive.
 */
const positive = z.number().positive().nullable();
const amount = z.number().nonnegative().nullable();
const price = z.bigint().nonnegative().nullable();

const deploymentRow = z.looseObject({
  deployment: z.looseObject({
    name: z.string().min(1),
    modelName: z.string().min(1),
    weight: z.number().nonnegative(),
    timeoutMs: positive,
    maxRpm: amount,
    maxTpm: amount,
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    inputPricePerMillionNanos: price,
    outputPricePerMillionNanos: price,
  }),
});

const aliasRow = z.looseObject({
  name: z.string().min(1),
  strategy: z.enum(["priority", "weighted", "lowest_cost", "lowest_latency"]),
  maxAttempts: positive,
  timeoutMs: positive,
  members: z.array(z.looseObject({ weight: z.number().nonnegative() })),
});

const priceRow = z.looseObject({
  modelPattern: z.string().min(1),
  inputNanos: z.bigint().nonnegative(),
  outputNanos: z.bigint().nonnegative(),
  cacheReadNanos: price,
  cacheWriteNanos: price,
});

const ruleRow = z.looseObject({
  stages: z.array(z.enum(RULE_STAGES)),
  action: z.enum(RULE_ACTIONS),
  mode: z.enum(RULE_MODES),
  fail: z.enum(RULE_FAILS),
  config: z.record(z.string(), z.unknown()),
});

const promptRow = z.looseObject({
  name: z.string().min(1),
  versions: z.map(z.number(), z.looseObject({ messages: z.array(z.unknown()) })),
});

type Kind = Exclude<keyof SnapshotRows, "version">;

const CHECKS: Readonly<Record<Kind, { what: string; schema: z.ZodType }>> = {
  deployments: { what: "deployment", schema: deploymentRow },
  aliases: { what: "alias", schema: aliasRow },
  prices: { what: "price", schema: priceRow },
  rules: { what: "guardrail rule", schema: ruleRow },
  prompts: { what: "prompt", schema: promptRow },
};

/**
 * The rows that mean something, and in words what is wrong with the others. Values are not quoted:
 * the words go to the log. A rule that is not understood cannot be left out, or it would guard
 * nothing: it stays as one that always fails, and so blocks what it would have looked at.
 */
export function checkRows(rows: SnapshotRows): { valid: SnapshotRows; problems: string[] } {
  const problems: string[] = [];
  const isValid = (kind: Kind, row: unknown): boolean => {
    const { what, schema } = CHECKS[kind];
    const issue = schema.safeParse(row).error?.issues[0];
    if (issue !== undefined) {
      problems.push(`${what} ${nameOf(row)}: ${issue.path.join(".")} is not valid`);
    }
    return issue === undefined;
  };
  const valid: SnapshotRows = {
    version: rows.version,
    deployments: rows.deployments.filter((row) => isValid("deployments", row)),
    aliases: rows.aliases.filter((row) => isValid("aliases", row)),
    prices: rows.prices.filter((row) => isValid("prices", row)),
    rules: rows.rules.map((row) => (isValid("rules", row) ? row : shut(row))),
    prompts: rows.prompts.filter((row) => isValid("prompts", row)),
  };
  return { valid, problems };
}

/** Settings that no type of rule takes, so that the rule fails, and failing it blocks. */
const NO_SETTINGS: Record<string, unknown> = { "": "not understood" };

function shut(row: GuardrailRuleRow): GuardrailRuleRow {
  const mode = row.mode === "shadow" ? "shadow" : "enforced";
  // No edit has version 0: a check that was made for the row as it used to be is not taken for this.
  const version = 0;
  const config = NO_SETTINGS;
  return { ...row, version, mode, stages: ["pre"], action: "block", fail: "closed", config };
}

function nameOf(row: unknown): string {
  const found = row as { deployment?: { id: string }; id?: string; name?: string };
  return found.deployment?.id ?? found.id ?? found.name ?? "";
}
