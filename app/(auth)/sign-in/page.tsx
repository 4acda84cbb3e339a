import type { Metadata, Route } from "next";
import { redirect } from "next/navigation";
import { isSetupComplete } from "#lib/console/sign-in.ts";
import { showSignInOffer } from "#lib/console/sign-in-page.ts";
import { getViewer } from "#lib/console/viewer.ts";
import { safeCallbackUrl } from "#lib/contract/callback-url.ts";
import { AuthCard } from "../auth-card.tsx";
import { SignInForm } from "./sign-in-form.tsx";
import { ssoErrorText } from "./sso-errors.ts";

export const metadata: Metadata = { title: "Sign in" };

interface SignInPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  if (!(await isSetupComplete())) {
    redirect("/setup" as Route);
  }
  const { callbackUrl: asked, error } = await searchParams;
  const callbackUrl = safeCallbackUrl(typeof asked === "string" ? asked : null);
  if ((await getViewer()) !== undefined) {
    redirect(callbackUrl as Route);
  }
  const { instanceName, sso } = await showSignInOffer();
  return (
    <AuthCard instanceName={instanceName} title="Sign in">
      <SignInForm
        callbackUrl={callbackUrl}
        sso={sso}
        error={typeof error === "string" ? ssoErrorText(error) : null}
      />
    </AuthCard>
  );
}
