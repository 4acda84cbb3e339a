import type { Metadata } from "next";
import { showResetLink } from "#lib/console/password-resets.ts";
import { instanceName } from "#lib/console/sign-in-page.ts";
import { AuthCard } from "../../auth-card.tsx";
import { DeadLink } from "../../dead-link.tsx";
import { ResetForm } from "./reset-form.tsx";

export const metadata: Metadata = { title: "New password", referrer: "no-referrer" };

interface ResetPageProps {
  params: Promise<{ token: string }>;
}

export default async function ResetPage({ params }: ResetPageProps) {
  const { token } = await params;
  const link = await showResetLink(token);
  return (
    <AuthCard instanceName={instanceName()} title="Set a new password">
      {link.kind === "open" ? (
        <ResetForm token={token} email={link.email} />
      ) : (
        <DeadLink state={link.kind} what="password link" />
      )}
    </AuthCard>
  );
}
