/** What a signal is about; each of these counts once in a text. */
export type SignalGroup =
  | "override"
  | "new_orders"
  | "persona"
  | "refusal_off"
  | "forced_opening"
  | "prompt_leak"
  | "role_marker"
  | "false_authority"
  | "to_the_agent"
  | "exfiltration"
  | "concealment"
  | "tool_order"
  | "encoded"
  | "hidden_text"
  | "split_words";

/** One thing that attempts have in common. */
export interface Signal {
  group: SignalGroup;
  /** 0 to 1. */
  weight: number;
  /** A cheaper pattern without which this one is not tried; several signals may share one. */
  gate?: RegExp;
  /** Looks at folded text; global; without any repetition that has no bound. */
  pattern: RegExp;
  /** What has to stand in the same sentence, so close that both are about one thing. */
  near?: readonly RegExp[];
  /** Whether it only means something in what tools have brought in. */
  fromToolsOnly?: boolean;
}

/** Up to `most` words in between, as part of a pattern. */
export function WORDS(most: number): string {
  return `(?:[^\\s.!?]{1,24}\\s{1,3}){0,${most}}?`;
}
