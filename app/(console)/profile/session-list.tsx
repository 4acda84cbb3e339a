"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { SessionInfo } from "#lib/contract/profile.ts";
import { Chip } from "../../_ui/chip.tsx";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../_ui/primitives/card.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { revokeSession, signOutElsewhere } from "./actions.ts";
import { describeBrowser } from "./user-agent.ts";

export interface SessionListProps {
  sessions: readonly SessionInfo[];
}

/** Where this person is signed in, the newest first. */
export function SessionList({ sessions }: SessionListProps) {
  const router = useRouter();
  const [revoked, setRevoked] = useState<SessionInfo | null>(null);
  const [endsOthers, setEndsOthers] = useState(false);
  const others = sessions.filter(({ isCurrent }) => !isCurrent).length;
  return (
    <Card>
      <CardHeader>
        <CardTitle>Sessions</CardTitle>
        <Button disabled={others === 0} onClick={() => setEndsOthers(true)}>
          Sign out everywhere else
        </Button>
        <CardDescription>
          Revoke any that you do not know, and change your password.
        </CardDescription>
      </CardHeader>
      <CardBody>
        <ul className="flex flex-col divide-y divide-border">
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} onRevoke={() => setRevoked(session)} />
          ))}
        </ul>
      </CardBody>
      <ConfirmDialog
        isOpen={revoked !== null}
        onOpenChange={(isOpen) => (isOpen ? undefined : setRevoked(null))}
        title={`Revoke the session on ${describeBrowser(revoked?.userAgent ?? null)}`}
        verb="Revoke"
        effect="It is signed out at its next click. What is being typed there is lost."
        action={revokeSession}
        input={{ id: revoked?.id }}
        onDone={() => {
          toast.success("Session revoked");
          router.refresh();
        }}
      />
      <ConfirmDialog
        isOpen={endsOthers}
        onOpenChange={setEndsOthers}
        title="Sign out everywhere else"
        verb="Sign out"
        effect={`${others === 1 ? "1 other session is" : `${others} other sessions are`} signed out at the next click. This one stays.`}
        action={signOutElsewhere}
        input={{}}
        onDone={() => {
          toast.success("Signed out everywhere else");
          router.refresh();
        }}
      />
    </Card>
  );
}

interface SessionRowProps {
  session: SessionInfo;
  onRevoke: () => void;
}

function SessionRow({ session, onRevoke }: SessionRowProps) {
  const browser = describeBrowser(session.userAgent);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      <div className="flex min-w-0 flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-2 font-medium text-sm">
          {browser}
          {session.isCurrent ? <Chip tone="success">This session</Chip> : null}
        </p>
        <p className="break-words text-muted-fg text-xs">
          {session.ip ?? "Unknown address"} · signed in{" "}
          {session.method === "oidc" ? "by single sign-on" : "with a password"}{" "}
          <Timestamp at={session.created_at} /> · last used{" "}
          <Timestamp at={session.last_seen_at} style="relative" />
        </p>
      </div>
      {session.isCurrent ? null : (
        <Button size="sm" onClick={onRevoke} aria-label={`Revoke the session on ${browser}`}>
          Revoke
        </Button>
      )}
    </li>
  );
}
