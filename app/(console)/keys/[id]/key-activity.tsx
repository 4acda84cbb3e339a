import type { AuditEvent } from "#lib/contract/audit.ts";
import { summarizeChange } from "#lib/contract/audit-summary.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";

export interface KeyActivityProps {
  events: readonly AuditEvent[];
}

/** Who changed what of a key, the newest first. */
export function KeyActivity({ events }: KeyActivityProps) {
  if (events.length === 0) {
    return (
      <EmptyState title="No changes recorded.">
        Edits, rotations and revocations of this key appear here.
      </EmptyState>
    );
  }
  return (
    <ol className="flex flex-col divide-y divide-border rounded-lg border border-border">
      {events.map((event) => (
        <li key={event.id} className="flex flex-col gap-1 px-4 py-3 text-sm">
          <span className="flex flex-wrap items-baseline gap-x-3">
            <span className="font-medium">{event.action}</span>
            <span className="text-muted-fg">by {event.actor_name}</span>
            <Timestamp at={event.at} className="ml-auto text-muted-fg" />
          </span>
          <span className="break-words text-muted-fg">{summarizeChange(event)}</span>
        </li>
      ))}
    </ol>
  );
}
