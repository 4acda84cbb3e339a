import type { RuleType } from "#lib/contract/guardrail-verdict.ts";
import type { RuleDefinition } from "../define-rule.ts";
import { contentFilter } from "./content-filter.ts";
import { injection } from "./injection.ts";
import { jsonSchema } from "./json-schema.ts";
import { llmJudge } from "./llm-judge.ts";
import { maxTokens } from "./max-tokens.ts";
import { pii } from "./pii.ts";
import { presidio } from "./presidio.ts";
import { regex } from "./regex.ts";
import { secrets } from "./secrets.ts";
import { webhook } from "./webhook.ts";
import { wordList } from "./word-list.ts";

/** Every type of rule there is, by its name. To add one: its file beside this, and a line here. */
const RULES: Readonly<Partial<Record<RuleType, RuleDefinition<unknown>>>> = {
  pii,
  secrets,
  regex,
  word_list: wordList,
  injection,
  content_filter: contentFilter,
  json_schema: jsonSchema,
  max_tokens: maxTokens,
  llm_judge: llmJudge,
  webhook,
  presidio,
};

/** The definition of a type. `undefined` for one that this version does not know. */
export function getRule(type: RuleType): RuleDefinition<unknown> | undefined {
  return RULES[type];
}

/** All definitions, in the order of the table. */
export function listRules(): readonly RuleDefinition<unknown>[] {
  return Object.values(RULES);
}
