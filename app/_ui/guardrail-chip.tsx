import { Check, CircleDashed, Eye, ShieldAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { ACTED_WORDS, RESULT_WORDS, STATE_WORDS } from "#lib/catalog/guardrail-words.ts";
import type { GuardrailResult, RuleAction, VerdictState } from "#lib/contract/guardrail-verdict.ts";
import { Chip, type ChipProps } from "./chip.tsx";

const TONES = {
  good: "success",
  neutral: "neutral",
  warning: "warning",
  bad: "danger",
} as const satisfies Record<string, ChipProps["tone"]>;

const ICONS: Readonly<Record<GuardrailResult, ReactNode>> = {
  blocked: <ShieldAlert aria-hidden />,
  changed: <ShieldAlert aria-hidden />,
  warned: <ShieldAlert aria-hidden />,
  shadowed: <Eye aria-hidden />,
  failed: <TriangleAlert aria-hidden />,
  passed: <Check aria-hidden />,
  skipped: <CircleDashed aria-hidden />,
};

/** All verdicts of a request in one word: `<ResultChip result="blocked" />`. */
export function ResultChip({ result }: { result: GuardrailResult }) {
  const { label, tone } = RESULT_WORDS[result];
  return (
    <Chip tone={TONES[tone]} icon={ICONS[result]}>
      {label}
    </Chip>
  );
}

export interface VerdictChipProps {
  state: VerdictState;
  action: RuleAction;
  mode: "enforced" | "shadow";
}

/** One verdict: what the rule did, or would have done in shadow mode. */
export function VerdictChip({ state, action, mode }: VerdictChipProps) {
  if (state !== "acted") {
    const result = ({ passed: "passed", skipped: "skipped", failed: "failed" } as const)[state];
    return (
      <Chip tone={TONES[RESULT_WORDS[result].tone]} icon={ICONS[result]}>
        {STATE_WORDS[state]}
      </Chip>
    );
  }
  const did = ACTED_WORDS[action];
  return mode === "shadow" ? (
    <Chip icon={ICONS.shadowed}>Would have {did.toLowerCase()}</Chip>
  ) : (
    <Chip tone={action === "block" ? "danger" : "warning"} icon={ICONS.blocked}>
      {did}
    </Chip>
  );
}
