"use client";

import type { ReactNode } from "react";
import type { AuditEvent } from "#lib/contract/audit.ts";
import { DiffView } from "../../_ui/diff-view.tsx";
import { EntityId } from "../../_ui/entity-id.tsx";
import { UNKNOWN } from "../../_ui/format.ts";
import { JsonView } from "../../_ui/json-view.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { ActorName, TargetName } from "./audit-columns.tsx";

export interface AuditDetailProps {
  event: AuditEvent;
}

/** One event: who, from where, to what, and the fields before and after. */
export function AuditDetail({ event }: AuditDetailProps) {
  return (
    <>
      <dl className="grid items-center gap-x-6 gap-y-1 text-sm sm:grid-cols-[max-content_minmax(0,1fr)]">
        <Fact label="Time">
          <Timestamp at={event.at} />
        </Fact>
        <Fact label="Actor">
          <ActorName event={event} />
        </Fact>
        <Fact label="Target">
          <TargetName event={event} />
        </Fact>
        <IdFact label="Target id" id={event.target_id} />
        <Fact label="Address">{event.ip ?? UNKNOWN}</Fact>
        <IdFact label="Request id" id={event.request_id} />
        <IdFact label="Hash" id={event.hash} />
      </dl>
      <Change event={event} />
    </>
  );
}

interface FactProps {
  label: string;
  children: ReactNode;
}

function Fact({ label, children }: FactProps) {
  return (
    <div className="contents">
      <dt className="text-muted-fg">{label}</dt>
      <dd className="mb-1 min-w-0 sm:mb-0">{children}</dd>
    </div>
  );
}

interface IdFactProps {
  label: string;
  id: string | null;
}

function IdFact({ label, id }: IdFactProps) {
  return (
    <Fact label={label}>
      {id === null ? UNKNOWN : <EntityId id={id} what={label.toLowerCase()} />}
    </Fact>
  );
}

function Change({ event: { before, after } }: AuditDetailProps) {
  if (before === null && after === null) {
    return <p className="text-muted-fg text-sm">This event changed no field.</p>;
  }
  return (
    <>
      <h3 className="font-medium text-sm">{before === null ? "Fields" : "Change"}</h3>
      {before === null ? (
        <JsonView value={after} what="fields" />
      ) : (
        <DiffView before={before} after={after} />
      )}
    </>
  );
}
