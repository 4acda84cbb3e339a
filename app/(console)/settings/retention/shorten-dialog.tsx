"use client";

import type { RetentionPreview } from "#lib/contract/retention.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { useIsland } from "../../../_ui/use-island.ts";
import { saveRetention } from "../actions.ts";

export interface ShortenDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  days: { logDays: number; payloadDays: number };
  input: Record<string, unknown>;
  onDone: () => void;
}

/** Keeping for fewer days destroys what is older; the server counts it first. */
export function ShortenDialog({ isOpen, onOpenChange, days, input, onDone }: ShortenDialogProps) {
  const { logDays, payloadDays } = days;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Shorten retention"
      verb="Shorten"
      typedName="retention"
      effect={<ShortenEffect logDays={logDays} payloadDays={payloadDays} />}
      action={saveRetention}
      input={input}
      onDone={onDone}
    />
  );
}

function ShortenEffect({ logDays, payloadDays }: ShortenDialogProps["days"]) {
  const { data, error } = useIsland<RetentionPreview>(
    `/api/console/settings/retention/preview?log_days=${logDays}&payload_days=${payloadDays}`,
  );
  if (error !== null) {
    return <p>What will be removed could not be counted: {error.message}</p>;
  }
  if (data === undefined) {
    return <p>Counting what will be removed.</p>;
  }
  return (
    <>
      <p>
        The next run, within the hour, removes <strong>{formatCount(data.logs)}</strong> log rows
        older than {logDays} days and the content of <strong>{formatCount(data.payloads)}</strong>{" "}
        requests older than {Math.min(logDays, payloadDays)} days.
      </p>
      <p className="mt-2">Nothing brings them back. Usage figures stay.</p>
    </>
  );
}
