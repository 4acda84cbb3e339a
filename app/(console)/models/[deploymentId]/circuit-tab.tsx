"use client";

import { RotateCcw } from "lucide-react";
import { useState } from "react";
import type { CircuitEventView, DeploymentBoardRow } from "#lib/contract/deployment-board.ts";
import { CircuitBadge } from "../../../_ui/circuit-badge.tsx";
import { CircuitState } from "../../../_ui/circuit-state.tsx";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { EntityId } from "../../../_ui/entity-id.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../../_ui/primitives/card.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";
import { ResetDialog } from "../reset-dialog.tsx";

interface CircuitTabProps {
  row: DeploymentBoardRow;
  events: readonly CircuitEventView[];
  mayEdit: boolean;
}

const RULES = [
  "It opens when half of at least 20 requests in 30 seconds failed, or when 5 requests in a row got no answer.",
  "It stays open for 10 seconds, and twice as long each time it opens again, up to 2 minutes.",
  "After that single requests probe it; 3 that succeed close it.",
  "A refused key, a rate limit or spent credit rests the key instead, and the circuit stays closed.",
];

const NEXT = {
  closed: "Requests go to it at its planned place.",
  half_open: "One request at a time probes it. The others go to the next deployment.",
  open: "Requests go to the next deployment until the time is over. It is asked only when nobody else is left.",
} as const;

/** The breaker: how it stands, what happens next, when it changed, and the rules it goes by. */
export function CircuitTab({ row: { deployment }, events, mayEdit }: CircuitTabProps) {
  const [isResetting, setResetting] = useState(false);
  const { health } = deployment;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[2fr_1fr]">
      <Card>
        <CardHeader>
          <CardTitle>State</CardTitle>
          {mayEdit ? (
            <Button onClick={() => setResetting(true)}>
              <RotateCcw aria-hidden /> Reset circuit
            </Button>
          ) : null}
        </CardHeader>
        <CardBody className="flex flex-col gap-2 text-sm">
          <CircuitState state={health.state} retryAt={health.retry_at} reason={health.reason} />
          {health.reason === null ? null : <p>It rests because {health.reason}.</p>}
          <p className="text-muted-fg">{NEXT[health.state]}</p>
        </CardBody>
      </Card>
      <Card className="lg:row-span-2">
        <CardHeader>
          <CardTitle>Rules</CardTitle>
        </CardHeader>
        <CardBody>
          <ul className="flex list-disc flex-col gap-2 pl-4 text-muted-fg text-sm">
            {RULES.map((rule) => (
              <li key={rule}>{rule}</li>
            ))}
          </ul>
        </CardBody>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>History</CardTitle>
        </CardHeader>
        <CardBody>
          <EventList events={events} />
        </CardBody>
      </Card>
      <ResetDialog deployment={deployment} isOpen={isResetting} onOpenChange={setResetting} />
    </div>
  );
}

function EventList({ events }: { events: readonly CircuitEventView[] }) {
  if (events.length === 0) {
    return <EmptyState title="Its circuit never opened." />;
  }
  return (
    <ol className="flex flex-col">
      {events.map((event) => (
        <li
          key={`${event.at} ${event.state}`}
          className="flex flex-wrap items-center gap-x-3 gap-y-1 border-border border-b py-2 text-sm last:border-b-0"
        >
          <Timestamp at={event.at} className="text-muted-fg" />
          <CircuitBadge state={event.state} />
          {event.reason === null ? null : <span>{event.reason}</span>}
          {event.instance_id === null ? null : (
            <span className="ml-auto text-muted-fg text-xs">
              process <EntityId id={event.instance_id} what="process id" />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
