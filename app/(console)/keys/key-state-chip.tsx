import {
  Ban,
  CalendarClock,
  CalendarX,
  Check,
  CircleX,
  DollarSign,
  Hourglass,
  PowerOff,
  RefreshCw,
} from "lucide-react";
import type { ReactNode } from "react";
import type { KeyListRow, KeyState } from "#lib/contract/api-key-list.ts";
import { Chip, type ChipProps } from "../../_ui/chip.tsx";
import { formatPercent } from "../../_ui/format.ts";
import { Tooltip, TooltipText } from "../../_ui/primitives/tooltip.tsx";

interface StateRow {
  label: string;
  tone: NonNullable<ChipProps["tone"]>;
  icon: ReactNode;
}

export const KEY_STATE_LABELS: Readonly<Record<KeyState, StateRow>> = {
  revoked: { label: "Revoked", tone: "neutral", icon: <Ban aria-hidden /> },
  disabled: { label: "Disabled", tone: "neutral", icon: <PowerOff aria-hidden /> },
  expired: { label: "Expired", tone: "danger", icon: <CalendarX aria-hidden /> },
  over_budget: { label: "Over budget", tone: "danger", icon: <DollarSign aria-hidden /> },
  rate_limited: { label: "Rate limited", tone: "warning", icon: <Hourglass aria-hidden /> },
  elevated_errors: { label: "Elevated errors", tone: "warning", icon: <CircleX aria-hidden /> },
  expires_soon: { label: "Expires soon", tone: "warning", icon: <CalendarClock aria-hidden /> },
  rotating: { label: "Rotating", tone: "info", icon: <RefreshCw aria-hidden /> },
  active: { label: "Active", tone: "success", icon: <Check aria-hidden /> },
};

const WHOSE = {
  key: "Its own budget",
  user: "The owner's budget",
  team: "The team's budget",
  organization: "The organisation's budget",
} as const;

type Facts = Pick<
  KeyListRow,
  "state" | "spent_subject" | "requests_24h" | "limited_24h" | "failed_24h"
>;

/** What a state means for this key, and what to do about it. */
function explain(key: Facts): string {
  const share = (part: number) => formatPercent(part / Math.max(1, key.requests_24h));
  switch (key.state) {
    case "revoked":
      return "Ended for good. Make a new key in its place.";
    case "disabled":
      return "Requests are refused until it is enabled again.";
    case "expired":
      return "Requests are refused. Give it a later expiry or make a new key.";
    case "over_budget":
      return `${WHOSE[key.spent_subject ?? "key"]} is used up. Raise it or wait for its reset.`;
    case "rate_limited":
      return `${share(key.limited_24h)} of the requests of 24 hours ran into a limit. Raise it or slow the caller down.`;
    case "elevated_errors":
      return `${share(key.failed_24h)} of the requests of 24 hours failed. Look at its logs.`;
    case "expires_soon":
      return "It expires within 7 days.";
    case "rotating":
      return "The old secret is still accepted. End the grace once every caller has the new one.";
    case "active":
      return "Nothing stands in its way.";
    default:
      return key.state satisfies never;
  }
}

export interface KeyStateChipProps {
  facts: Facts;
}

/** The worst thing about a key, with what to do on hover and focus. */
export function KeyStateChip({ facts }: KeyStateChipProps) {
  const { label, tone, icon } = KEY_STATE_LABELS[facts.state];
  return (
    <Tooltip content={explain(facts)}>
      <TooltipText className="no-underline">
        <Chip tone={tone} icon={icon}>
          {label}
        </Chip>
      </TooltipText>
    </Tooltip>
  );
}
