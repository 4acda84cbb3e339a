"use client";

import { Bot, KeyRound, Server, User } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { AuditEvent } from "#lib/contract/audit.ts";
import { summarizeChange } from "#lib/contract/audit-summary.ts";
import type { Column } from "../../_ui/data-table.tsx";
import { EntityId } from "../../_ui/entity-id.tsx";
import { formatId, UNKNOWN } from "../../_ui/format.ts";
import { inWords, targetHref } from "./audit-target.ts";
import { EventLink } from "./event-link.tsx";

const ACTORS = {
  user: { icon: User, word: "Person" },
  admin_key: { icon: KeyRound, word: "Admin key" },
  admin_token: { icon: Bot, word: "Admin token" },
  system: { icon: Server, word: "Conduit" },
} as const;

interface EventProps {
  event: AuditEvent;
}

export function ActorName({ event }: EventProps) {
  const { icon: Icon, word } = ACTORS[event.actor_type as keyof typeof ACTORS] ?? ACTORS.system;
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      <Icon aria-hidden className="size-4 shrink-0 text-muted-fg" />
      <span className="sr-only">{word}: </span>
      <span className="truncate" title={event.actor_name}>
        {event.actor_name}
      </span>
    </span>
  );
}

export function TargetName({ event }: EventProps) {
  const href = targetHref(event);
  const name = event.target_name ?? formatId(event.target_id ?? "");
  return (
    <span className="inline-flex max-w-full items-baseline gap-1.5">
      <span className="shrink-0 text-muted-fg text-xs">{inWords(event.target_type)}</span>
      {href === undefined ? (
        <span className="truncate" title={name}>
          {name}
        </span>
      ) : (
        <Link
          href={href as Route}
          title={name}
          className="truncate text-primary underline-offset-4 hover:underline"
        >
          {name}
        </Link>
      )}
    </span>
  );
}

function ChangeText({ event }: EventProps) {
  const text = summarizeChange(event);
  return (
    <span className="block max-w-64 truncate text-muted-fg" title={text}>
      {text === "" ? UNKNOWN : text}
    </span>
  );
}

export const AUDIT_COLUMNS: readonly Column<AuditEvent>[] = [
  { id: "time", header: "Time", cell: (event) => <EventLink event={event} /> },
  {
    id: "actor",
    header: "Actor",
    mobile: "line",
    cell: (event) => <ActorName event={event} />,
  },
  {
    id: "action",
    header: "Action",
    mobile: "line",
    cell: (event) => <code className="font-mono text-[13px]">{event.action}</code>,
  },
  {
    id: "target",
    header: "Target",
    mobile: "line",
    cell: (event) => <TargetName event={event} />,
  },
  { id: "change", header: "Change", cell: (event) => <ChangeText event={event} /> },
  { id: "ip", header: "Address", cell: (event) => event.ip ?? UNKNOWN },
  {
    id: "request",
    header: "Request id",
    isHidden: true,
    cell: (event) =>
      event.request_id === null ? UNKNOWN : <EntityId id={event.request_id} what="request id" />,
  },
];
