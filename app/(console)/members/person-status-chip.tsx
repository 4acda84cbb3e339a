import { Ban, CircleCheck, CircleDashed, CircleMinus } from "lucide-react";
import type { PersonStatus } from "#lib/contract/people.ts";
import { Chip } from "../../_ui/chip.tsx";
import { STATUS_LABELS } from "./members-params.ts";

const LOOKS = {
  active: { tone: "success", icon: <CircleCheck aria-hidden /> },
  suspended: { tone: "warning", icon: <Ban aria-hidden /> },
  no_sign_in: { tone: "neutral", icon: <CircleDashed aria-hidden /> },
  removed: { tone: "neutral", icon: <CircleMinus aria-hidden /> },
} as const satisfies Record<PersonStatus, unknown>;

export interface PersonStatusChipProps {
  status: PersonStatus;
}

export function PersonStatusChip({ status }: PersonStatusChipProps) {
  return <Chip {...LOOKS[status]}>{STATUS_LABELS[status]}</Chip>;
}
