import type { Metadata } from "next";
import { showInviteLink } from "#lib/console/invite-accept.ts";
import { instanceName } from "#lib/console/sign-in-page.ts";
import { AuthCard } from "../../auth-card.tsx";
import { DeadLink } from "../../dead-link.tsx";
import { AcceptForm } from "./accept-form.tsx";

export const metadata: Metadata = { title: "Invitation", referrer: "no-referrer" };

interface InvitePageProps {
  params: Promise<{ token: string }>;
}

export default async function InvitePage({ params }: InvitePageProps) {
  const { token } = await params;
  const link = await showInviteLink(token);
  return (
    <AuthCard instanceName={instanceName()} title="Accept the invitation">
      {link.kind === "open" ? (
        <AcceptForm token={token} email={link.email} />
      ) : (
        <DeadLink state={link.kind} what="invitation" />
      )}
    </AuthCard>
  );
}
