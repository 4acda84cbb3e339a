import { z } from "zod";
import { RULE_ACTIONS, RULE_STAGES, RULE_TYPES, VERDICT_STATES } from "./guardrail-verdict.ts";

/** What one rule said of one stage of a request: counts, never what was found. */
export const ruleVerdict = z
  .object({
    rule_id: z.uuid(),
    rule: z.string(),
    type: z.enum(RULE_TYPES),
    stage: z.enum(RULE_STAGES),
    action: z.enum(RULE_ACTIONS),
    mode: z.enum(["enforced", "shadow"]),
    state: z.enum(VERDICT_STATES),
    matches: z.int(),
    kinds: z.record(z.string(), z.int()),
    score: z.number().nullable(),
    duration_ms: z.number(),
    reason: z.string().nullable(),
  })
  .meta({ id: "RuleVerdict" });
export type RuleVerdict = z.infer<typeof ruleVerdict>;
