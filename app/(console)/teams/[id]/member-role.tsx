"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { toast } from "sonner";
import type { MemberInfo, TeamInfo } from "#lib/contract/team.ts";
import { Select } from "../../../_ui/primitives/select.tsx";
import { useSessionGuard } from "../../../_ui/session-guard.tsx";
import { setMemberRole } from "../actions.ts";

const ROLES = [
  { value: "member", label: "Member" },
  { value: "team_admin", label: "Team admin", hint: "Sees and manages the team's keys and people" },
] as const;

export interface MemberRoleProps {
  team: TeamInfo;
  member: MemberInfo;
  mayChange: boolean;
}

/** What somebody is in the team; admins change it here. */
export function MemberRole({ team, member, mayChange }: MemberRoleProps) {
  const router = useRouter();
  const guard = useSessionGuard();
  const [isPending, startTransition] = useTransition();
  if (!mayChange) {
    return <span>{member.role === "team_admin" ? "Team admin" : "Member"}</span>;
  }

  function change(role: MemberInfo["role"]) {
    startTransition(async () => {
      const input = { id: team.id, user_id: member.user_id, role };
      const result = await guard.run(() => setMemberRole(input));
      if (result.ok) {
        router.refresh();
      } else {
        toast.error(result.formError ?? "The role could not be changed.");
      }
    });
  }

  return (
    <Select
      aria-label={`Role of ${member.email}`}
      isCompact
      className="w-36"
      disabled={isPending}
      options={ROLES}
      value={member.role}
      onValueChange={change}
    />
  );
}
