"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { toast } from "sonner";
import type { ActionResult } from "#lib/contract/action-result.ts";
import type { InviteInfo, InviteResult } from "#lib/contract/people.ts";
import { Chip } from "../../_ui/chip.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Card, CardHeader, CardTitle } from "../../_ui/primitives/card.tsx";
import { useSessionGuard } from "../../_ui/session-guard.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { resend, revoke } from "./actions.ts";
import { InviteResults } from "./invite-results.tsx";
import { ROLE_LABELS } from "./members-params.ts";

export interface InvitesCardProps {
  invites: readonly InviteInfo[];
}

/** Invitations that nobody has taken yet. */
export function InvitesCard({ invites }: InvitesCardProps) {
  const router = useRouter();
  const [results, setResults] = useState<readonly InviteResult[] | null>(null);
  return (
    <Card aria-labelledby="open-invitations">
      <CardHeader>
        <CardTitle id="open-invitations">Open invitations</CardTitle>
        <Chip>{invites.length}</Chip>
      </CardHeader>
      <ul className="mt-2 divide-y divide-border">
        {invites.map((invite) => (
          <InviteRow
            key={invite.id}
            invite={invite}
            onLink={(result) => setResults([result])}
            onChange={router.refresh}
          />
        ))}
      </ul>
      <InviteResults
        results={results}
        onClose={() => {
          setResults(null);
          router.refresh();
        }}
      />
    </Card>
  );
}

interface InviteRowProps {
  invite: InviteInfo;
  onLink: (result: InviteResult) => void;
  onChange: () => void;
}

function InviteRow({ invite, onLink, onChange }: InviteRowProps) {
  const guard = useSessionGuard();
  const [isPending, startTransition] = useTransition();
  const teams = invite.teams.map(({ name, role }) =>
    role === "team_admin" ? `${name} (admin)` : name,
  );

  function run<Output>(
    action: (input: unknown) => Promise<ActionResult<Output>>,
    onDone: (value: Output) => void,
  ): void {
    startTransition(async () => {
      const result = await guard.run(() => action({ id: invite.id }));
      if (result.ok) {
        onDone(result.value);
      } else {
        toast.error(result.formError ?? "This could not be done.");
      }
    });
  }

  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2 text-sm">
      <span className="min-w-0 flex-1 basis-56">
        <span className="break-all font-medium">{invite.email}</span>
        <span className="block text-muted-fg text-xs">
          {[invite.role === "admin" ? ROLE_LABELS.admin : null, ...teams]
            .filter((text) => text !== null)
            .join(", ") || ROLE_LABELS.member}
          {invite.invited_by === null ? "" : `, invited by ${invite.invited_by}`}
        </span>
      </span>
      {invite.is_expired ? (
        <Chip tone="warning">Expired</Chip>
      ) : (
        <span className="text-muted-fg">
          Expires <Timestamp at={invite.expires_at} style="relative" />
        </span>
      )}
      <span className="flex gap-2">
        <Button
          size="sm"
          isPending={isPending}
          aria-label={`Make a new link for ${invite.email}`}
          onClick={() => run(resend, onLink)}
        >
          New link
        </Button>
        <Button
          size="sm"
          variant="ghost"
          isPending={isPending}
          aria-label={`Revoke the invitation of ${invite.email}`}
          onClick={() =>
            run(revoke, () => {
              toast(`The invitation of ${invite.email} is revoked.`);
              onChange();
            })
          }
        >
          Revoke
        </Button>
      </span>
    </li>
  );
}
