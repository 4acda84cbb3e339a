import {
  Ban,
  Check,
  CircleX,
  DollarSign,
  Hourglass,
  KeyRound,
  PowerOff,
  ShieldAlert,
  TriangleAlert,
  Unplug,
  Zap,
} from "lucide-react";
import type { ReactNode } from "react";
import { labelOfOutcome, type OUTCOME_LABELS, type OutcomeTone } from "#lib/catalog/outcomes.ts";
import type { Outcome } from "#lib/contract/record.ts";
import { Chip, type ChipProps } from "./chip.tsx";

type LabelId = (typeof OUTCOME_LABELS)[number]["id"];

const TONES = {
  good: "success",
  neutral: "neutral",
  warning: "warning",
  bad: "danger",
} as const satisfies Record<OutcomeTone, ChipProps["tone"]>;

const ICONS: Readonly<Record<LabelId, ReactNode>> = {
  success: <Check aria-hidden />,
  cached: <Zap aria-hidden />,
  auth: <KeyRound aria-hidden />,
  model_not_allowed: <KeyRound aria-hidden />,
  bad_request: <TriangleAlert aria-hidden />,
  over_budget: <DollarSign aria-hidden />,
  rate_limited: <Hourglass aria-hidden />,
  blocked: <ShieldAlert aria-hidden />,
  no_deployment: <PowerOff aria-hidden />,
  provider_error: <CircleX aria-hidden />,
  cancelled: <Ban aria-hidden />,
  broken: <Unplug aria-hidden />,
  interrupted: <CircleX aria-hidden />,
};

export interface StatusChipProps {
  outcome: Outcome;
  errorCode: string | null;
  /** The HTTP status, shown behind the word. */
  status?: number | null;
}

/** How a request ended, in the words of the catalogue: `<StatusChip outcome={log.outcome} errorCode={log.error_code} />`. */
export function StatusChip({ outcome, errorCode, status = null }: StatusChipProps) {
  const { id, label, tone } = labelOfOutcome(outcome, errorCode);
  return (
    <Chip tone={TONES[tone]} icon={Object.hasOwn(ICONS, id) ? ICONS[id as LabelId] : null}>
      {label}
      {status === null ? null : <span className="font-normal tabular-nums"> {status}</span>}
    </Chip>
  );
}
