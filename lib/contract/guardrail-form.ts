import type { GuardrailInfo, GuardrailType } from "./guardrail.ts";
import type { GuardrailStats } from "./guardrail-stats.ts";

/** One of several values, in words. */
export interface FormOption {
  value: string;
  label: string;
}

interface FieldFrame {
  /** The property of the config that it is about. */
  name: string;
  title: string;
  description: string | null;
  isRequired: boolean;
}

/** A field of a rule's config, as a form shows it. */
export type ConfigField = FieldFrame &
  (
    | { kind: "switch"; initial: boolean }
    | { kind: "number"; initial: number | null; least: number | null; most: number | null }
    | { kind: "text"; initial: string; isLong: boolean; mostCharacters: number | null }
    | { kind: "choice"; initial: string; options: readonly FormOption[] }
    | { kind: "choices"; initial: readonly string[]; options: readonly FormOption[] }
    /** Texts, one a line. */
    | { kind: "lines"; initial: readonly string[]; mostLines: number | null }
    /** Whatever has no simpler form, as JSON. */
    | { kind: "json"; initial: unknown }
  );

/** A type of rule with the form of its config. */
export interface RuleForm extends Omit<GuardrailType, "config_schema"> {
  fields: ConfigField[];
}

/** A row of the page. */
export interface RuleBoardRow {
  rule: GuardrailInfo;
  type_label: string;
  /** Whose requests it holds for, in words: the name of a team, a key or an alias. */
  scope_name: string | null;
  stats: Omit<GuardrailStats, "rule_id">;
}

export interface RuleBoard {
  rows: RuleBoardRow[];
  /** Hours that the figures are of. */
  hours: number;
  /** Whether no rule is left out; only then can the order be changed. */
  isWhole: boolean;
}
