import type { PayloadView } from "#lib/contract/payload.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";

export interface NoPayloadProps {
  view: Exclude<PayloadView, { state: "stored" }>;
}

/** Why there is nothing to show, and what decided it. */
export function NoPayload({ view }: NoPayloadProps) {
  if (view.state === "removed") {
    return (
      <EmptyState title="The payload was removed by retention.">
        Payloads are kept for {view.payload_days} days (Settings, Retention). What is told about the
        request stays longer.
      </EmptyState>
    );
  }
  if (view.state === "unreadable") {
    return (
      <EmptyState title="The payload cannot be opened.">
        It was sealed with the master key {view.key_version}, which is not among
        CONDUIT_MASTER_KEYS.
      </EmptyState>
    );
  }
  return <EmptyState title="The payload was not stored.">{REASONS[view.reason]}</EmptyState>;
}

const REASONS = {
  install:
    "Payload storage is “Metadata only” (Settings, Retention), so prompts and answers are not kept.",
  team: "The team's payload storage is “Metadata only”, so its prompts and answers are not kept.",
  unknown:
    "Payload storage is on now; when this request was made it was off, or there was nothing to keep.",
} as const;
