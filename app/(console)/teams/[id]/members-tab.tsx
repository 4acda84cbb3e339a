"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { MemberInfo, TeamInfo } from "#lib/contract/team.ts";
import type { TeamPowers } from "#lib/contract/team-console.ts";
import { TEAM_MEMBERS_PAGE } from "#lib/contract/team-members-page.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { type Column, DataTable } from "../../../_ui/data-table.tsx";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { offsetPaging } from "../../../_ui/offset-paging.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";
import { removeMember } from "../actions.ts";
import { AddMember } from "./add-member.tsx";
import { MemberRole } from "./member-role.tsx";

export interface MembersTabProps {
  team: TeamInfo;
  powers: TeamPowers;
  members: readonly MemberInfo[];
  total: number;
  offset: number;
}

/** The people of a team. */
export function MembersTab({ team, powers, members, total, offset }: MembersTabProps) {
  const router = useRouter();
  const [leaving, setLeaving] = useState<MemberInfo | null>(null);
  return (
    <>
      <DataTable
        name="team-members"
        caption={`Members of ${team.name}`}
        columns={columnsOf({ team, powers, onRemove: setLeaving })}
        rows={members}
        rowId={(member) => member.user_id}
        toolbar={<AddMember team={team} />}
        paging={offsetPaging({ offset, size: TEAM_MEMBERS_PAGE, total })}
        empty={
          <EmptyState title="Nobody is in this team yet.">
            Add somebody who has an account, or invite them on the page of members.
          </EmptyState>
        }
      />
      <ConfirmDialog
        isOpen={leaving !== null}
        onOpenChange={(isOpen) => (isOpen ? undefined : setLeaving(null))}
        title={`Remove ${leaving?.name ?? leaving?.email ?? ""} from ${team.name}`}
        verb="Remove"
        effect="They keep their account and their own keys. Keys of the team that they own stay in the team."
        action={removeMember}
        input={{ id: team.id, user_id: leaving?.user_id ?? "" }}
        onDone={() => {
          toast("Removed from the team.");
          router.refresh();
        }}
      />
    </>
  );
}

function columnsOf(given: {
  team: TeamInfo;
  powers: TeamPowers;
  onRemove: (member: MemberInfo) => void;
}): Column<MemberInfo>[] {
  const { team, powers, onRemove } = given;
  return [
    {
      id: "name",
      header: "Name",
      cell: (member) => (
        <span className="flex min-w-0 flex-col">
          <span className="break-words">{member.name ?? member.email}</span>
          {member.name === null ? null : (
            <span className="break-all font-normal text-muted-fg text-xs">{member.email}</span>
          )}
        </span>
      ),
    },
    {
      id: "role",
      header: "Role in the team",
      mobile: "line",
      cell: (member) => <MemberRole team={team} member={member} mayChange={powers.manages} />,
    },
    {
      id: "since",
      header: "Since",
      cell: (member) => <Timestamp at={member.created_at} style="day" />,
    },
    {
      id: "actions",
      header: "Actions",
      align: "end",
      isFixed: true,
      mobile: "side",
      cell: (member) => (
        <Button
          size="sm"
          variant="ghost"
          aria-label={`Remove ${member.email} from the team`}
          onClick={() => onRemove(member)}
        >
          Remove
        </Button>
      ),
    },
  ];
}
