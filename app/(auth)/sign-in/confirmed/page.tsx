import type { Metadata } from "next";
import { instanceName } from "#lib/console/sign-in-page.ts";
import { AuthCard } from "../../auth-card.tsx";
import { ReportBack } from "./report-back.tsx";

export const metadata: Metadata = { title: "Identity confirmed" };

interface ConfirmedPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where the identity provider's window ends: it tells the page that opened it, and closes. */
export default async function ConfirmedPage({ searchParams }: ConfirmedPageProps) {
  const hasFailed = (await searchParams)["error"] !== undefined;
  return (
    <AuthCard
      instanceName={instanceName()}
      title={hasFailed ? "Not confirmed" : "The identity provider has answered"}
    >
      <p className="text-sm">
        {hasFailed
          ? "The identity provider signed in somebody else, or did not ask again. Close this window and try once more."
          : "You can close this window and go on where you were."}
      </p>
      <ReportBack message={hasFailed ? "failed" : "done"} />
    </AuthCard>
  );
}
