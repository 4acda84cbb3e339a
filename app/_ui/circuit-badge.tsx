import { CircleCheck, CircleDashed, CircleX, HeartPulse } from "lucide-react";
import { Chip } from "./chip.tsx";

const LOOKS = {
  closed: { label: "Healthy", tone: "success", icon: <CircleCheck aria-hidden /> },
  half_open: { label: "Probing", tone: "warning", icon: <HeartPulse aria-hidden /> },
  open: { label: "Circuit open", tone: "danger", icon: <CircleX aria-hidden /> },
  unknown: { label: "No traffic yet", tone: "neutral", icon: <CircleDashed aria-hidden /> },
} as const;

export interface CircuitBadgeProps {
  state: keyof typeof LOOKS;
}

/** Whether a deployment gets requests: `<CircuitBadge state="open" />`. */
export function CircuitBadge({ state }: CircuitBadgeProps) {
  const { label, tone, icon } = LOOKS[state];
  return (
    <Chip tone={tone} icon={icon}>
      {label}
    </Chip>
  );
}
