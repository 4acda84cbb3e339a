import type { z } from "zod";
import type { RuleAction, RuleStage, RuleType } from "#lib/contract/guardrail-verdict.ts";
import type { SecretValue } from "#lib/contract/snapshot.ts";

/** Who wrote a text, for rules that trust some authors less than others. */
export type TextOrigin =
  | "system"
  | "user"
  | "assistant"
  | "reasoning"
  | "tool_call"
  | "tool_result"
  | "tool_definition"
  /** The input of an embeddings request. */
  | "input";

/** One piece of text of a request or an answer. */
export interface ScannedText {
  /** Where it stands in the body, as `messages[2].content[0].text`. */
  path: string;
  origin: TextOrigin;
  text: string;
  /** Present where values from outside were put into what the author has written. */
  filling?: Filling;
}

/** What a text was filled with. */
export interface Filling {
  /** The text as it came out: another text by now has other values in it, too. */
  content: string;
  values: readonly string[];
}

/** A span that a rule has found: UTF-16 offsets into `texts[at].text`, `end` exclusive. */
export interface Match {
  at: number;
  start: number;
  end: number;
  /** What it is, in lower snake case; becomes the label of a redaction: `email`. */
  kind: string;
  /** What a redaction puts in its place instead of the label, where another service said so. */
  replacement?: string;
}

/** What a rule says of a set of texts. */
export interface Finding {
  /** Whether the rule's action is due. */
  triggered: boolean;
  /** Spans that a redaction takes away; empty for rules that judge a text as a whole. */
  matches: readonly Match[];
  /** 0 to 1, for rules that score. */
  score?: number;
  /** How many times each kind was found, where there are no spans to count. */
  kinds?: Readonly<Record<string, number>>;
  /** Why the rule read none of the texts; its verdict is then `skipped`, and not `passed`. */
  skipped?: string;
}

/** What a check may know beside the texts. */
export interface CheckContext {
  stage: RuleStage;
  /** Tokens of all texts together. */
  countTokens(): number;
}

/** What a check of another service is given; its `signal` fires when the stage's time is over. */
export interface RemoteContext extends CheckContext {
  signal: AbortSignal;
  secret: SecretValue | null;
  powers: RulePowers;
}

/** What rules need of the rest of the gateway, handed in by it. */
export interface RulePowers {
  /** Asks a chat model through the gateway, and returns its text. */
  ask(question: { model: string; system: string; user: string }): Promise<string>;
  /** Asks a moderation model through the gateway: categories with their scores (0 to 1), per text. */
  moderate(question: {
    model: string;
    texts: readonly string[];
  }): Promise<readonly Readonly<Record<string, number>>[]>;
  /** POSTs JSON to an address that the egress guard allows. Throws when it is not reached. */
  post(call: {
    url: string;
    headers: Readonly<Record<string, string>>;
    body: string;
    signal: AbortSignal;
  }): Promise<{ status: number; body: string }>;
}

/** A check that needs nothing but the text, and must take no more than a few milliseconds for it. */
export interface LocalCheck {
  kind: "local";
  /**
   * The longest span in UTF-16 units that a match can have: so much of a stream is held back.
   * `Infinity` for a check that needs the complete text.
   */
  window: number;
  /**
   * For rules with rare matches that are longer than the window: the offset from which on a text's
   * end could still become one, or the text's length. So much more of a stream is held back, and only
   * while it could. Throws where that is more than should be held: the check has failed then.
   */
  openFrom?(text: string): number;
  /** Whether texts of any length cost it next to nothing. Others are not run on very long ones. */
  readsAnyLength?: boolean;
  check(texts: readonly ScannedText[], context: CheckContext): Finding;
}

/** A check that asks somebody else, or another thread. It needs the complete text. */
export interface RemoteCheck {
  kind: "remote";
  check(texts: readonly ScannedText[], context: RemoteContext): Promise<Finding>;
}

export type RuleCheck = LocalCheck | RemoteCheck;

/**
 * A type of rule. `config` draws the console's form and the admin API's validation; each field's
 * `meta` has a `title` and a `description`.
 */
export interface RuleDefinition<Config> {
  type: RuleType;
  label: string;
  description: string;
  config: z.ZodType<Config>;
  stages: readonly RuleStage[];
  actions: readonly RuleAction[];
  /** What its secret is for; absent for types that have none. */
  secret?: { label: string; required: boolean };
  /** Builds the check once for a rule's version. Throws an error with a clear message for a config
   * that the schema alone cannot refuse, as a pattern that does not compile. */
  compile(config: Config): RuleCheck;
  /** The field that `compile` finds mistakes in, so that they are shown there. */
  compiles?: string;
}

/** Keeps the type of a rule's config between its schema and its check. */
export function defineRule<Config>(rule: RuleDefinition<Config>): RuleDefinition<Config> {
  return rule;
}
