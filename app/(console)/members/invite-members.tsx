"use client";

import { UserPlus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { InviteResult } from "#lib/contract/people.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { InviteResults } from "./invite-results.tsx";
import { InviteSheet } from "./invite-sheet.tsx";

export interface InviteMembersProps {
  teams: readonly { id: string; name: string }[];
  mayInviteAdmins: boolean;
}

/** The page's main button: a panel with the addresses, then the links. */
export function InviteMembers({ teams, mayInviteAdmins }: InviteMembersProps) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const [results, setResults] = useState<readonly InviteResult[] | null>(null);
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <UserPlus aria-hidden />
        Invite people
      </Button>
      {isOpen ? (
        <InviteSheet
          teams={teams}
          mayInviteAdmins={mayInviteAdmins}
          onClose={() => setOpen(false)}
          onInvited={(made) => {
            setOpen(false);
            setResults(made);
          }}
        />
      ) : null}
      <InviteResults
        results={results}
        onClose={() => {
          setResults(null);
          router.refresh();
        }}
      />
    </>
  );
}
