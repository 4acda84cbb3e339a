"use client";

import type { KeyUse } from "#lib/contract/api-key-list.ts";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { formatCount } from "../../_ui/format.ts";
import { formatRelative } from "../../_ui/format-time.ts";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { useIsland } from "../../_ui/use-island.ts";
import { revokeKey } from "./actions.ts";

export interface RevokeKeyDialogProps {
  keyId: string;
  name: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onRevoked: () => void;
}

/** Ends a key for good. One that was used today has to be named, with what would stop. */
export function RevokeKeyDialog(props: RevokeKeyDialogProps) {
  const { keyId, name, isOpen, onOpenChange, onRevoked } = props;
  const { data: use, error } = useIsland<KeyUse>(isOpen ? `/api/console/keys/${keyId}/use` : null);
  const isInUse = use === undefined || use.requests_day > 0;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={`Revoke ${name}`}
      verb="Revoke"
      typedName={isInUse ? name : undefined}
      effect={
        <div className="flex flex-col gap-2">
          {use === undefined ? <Unknown hasFailed={error !== null} /> : <UseFacts use={use} />}
          <p>Requests with it are refused at once, and it cannot be brought back.</p>
        </div>
      }
      action={revokeKey}
      input={{ id: keyId }}
      onDone={onRevoked}
    />
  );
}

function Unknown({ hasFailed }: { hasFailed: boolean }) {
  return hasFailed ? (
    <p className="text-warning">Its use could not be read. It may be in use.</p>
  ) : (
    <Skeleton className="h-5 w-72" />
  );
}

function UseFacts({ use }: { use: KeyUse }) {
  if (use.requests_day === 0) {
    return (
      <p>
        {use.last_used_at === null
          ? "It has never been used."
          : `Last used ${formatRelative(use.last_used_at)}.`}
      </p>
    );
  }
  const addresses =
    use.addresses === 0
      ? ""
      : `, from ${formatCount(use.addresses)} ${use.addresses === 1 ? "address" : "addresses"}`;
  return (
    <p className="font-medium text-danger">
      In use: last request {use.last_used_at === null ? "" : formatRelative(use.last_used_at)},{" "}
      {formatCount(use.requests_hour)} in the last hour{addresses}, {formatCount(use.requests_day)}{" "}
      in 24 hours.
    </p>
  );
}
