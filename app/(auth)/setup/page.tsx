import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { showSetup } from "#lib/console/setup.ts";
import { isSetupComplete } from "#lib/console/sign-in.ts";
import { getViewer } from "#lib/console/viewer.ts";
import { SetupSignIn } from "./setup-sign-in.tsx";
import { SetupWizard } from "./setup-wizard.tsx";

export const metadata: Metadata = { title: "Setup" };

interface SetupPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SetupPage({ searchParams }: SetupPageProps) {
  if (await isSetupComplete()) {
    notFound();
  }
  const state = await showSetup(await getViewer());
  const { token } = await searchParams;
  return (
    <main className="flex min-h-dvh justify-center bg-surface px-4 py-10">
      <div className="flex w-full max-w-xl flex-col gap-6">
        <header className="flex flex-col gap-1">
          <p className="font-semibold text-muted-fg text-sm">Conduit</p>
          <h1 tabIndex={-1} className="font-semibold text-2xl leading-tight">
            Set up this install
          </h1>
        </header>
        {state.reached > 1 && !state.is_admin ? (
          <SetupSignIn />
        ) : (
          <SetupWizard
            state={state}
            origin={originOf(await headers())}
            token={typeof token === "string" ? token : ""}
          />
        )}
      </div>
    </main>
  );
}

/** How this browser reaches the install, as far as the request tells. */
function originOf(asked: Headers): string {
  const protocol = asked.get("x-forwarded-proto")?.split(",")[0]?.trim() ?? "http";
  return `${protocol}://${asked.get("x-forwarded-host") ?? asked.get("host") ?? "localhost"}`;
}
