"use client";

import type { ReactNode } from "react";
import type { PersonInfo } from "#lib/contract/people.ts";
import { Chip } from "../../_ui/chip.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import type { TablePaging } from "../../_ui/data-table-footer.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { METHOD_LABELS } from "./members-params.ts";
import { PersonMenu } from "./person-menu.tsx";
import { PersonName } from "./person-name.tsx";
import { PersonRole } from "./person-role.tsx";
import { PersonStatusChip } from "./person-status-chip.tsx";

export interface MembersTableProps {
  people: readonly PersonInfo[];
  viewerId: string;
  /** Whether the viewer may change people: administrators alone. */
  mayManage: boolean;
  paging: TablePaging;
  empty: ReactNode;
}

const COLUMNS: readonly Column<PersonInfo>[] = [
  { id: "name", header: "Name", cell: (person) => <PersonName person={person} /> },
  { id: "role", header: "Role", mobile: "line", cell: ({ role }) => <PersonRole role={role} /> },
  {
    id: "teams",
    header: "Teams",
    mobile: "line",
    cell: ({ teams }) => (
      <span className="flex flex-wrap gap-1">
        {teams.map((team) => (
          <Chip key={team.id}>
            {team.name}
            {team.role === "team_admin" ? " (admin)" : ""}
          </Chip>
        ))}
      </span>
    ),
  },
  {
    id: "status",
    header: "Status",
    mobile: "side",
    cell: ({ status }) => <PersonStatusChip status={status} />,
  },
  {
    id: "methods",
    header: "Signs in with",
    cell: ({ methods }) => methods.map((method) => METHOD_LABELS[method]).join(", ") || "—",
  },
  { id: "keys", header: "Keys", align: "end", cell: ({ key_count }) => key_count },
  {
    id: "last_seen",
    header: "Last active",
    cell: ({ last_seen_at }) => <Timestamp at={last_seen_at} style="relative" fallback="Never" />,
  },
  {
    id: "created",
    header: "Created",
    isHidden: true,
    cell: ({ created_at }) => <Timestamp at={created_at} style="day" />,
  },
];

/** Everybody on one page of the list, and what an administrator may do about them. */
export function MembersTable({ people, viewerId, mayManage, paging, empty }: MembersTableProps) {
  const actions: Column<PersonInfo> = {
    id: "actions",
    header: "Actions",
    align: "end",
    isFixed: true,
    mobile: "side",
    cell: (person) => <PersonMenu person={person} isSelf={person.id === viewerId} />,
  };
  return (
    <DataTable
      name="members"
      caption="Members"
      columns={mayManage ? [...COLUMNS, actions] : COLUMNS}
      rows={people}
      rowId={({ id }) => id}
      paging={paging}
      empty={empty}
    />
  );
}
