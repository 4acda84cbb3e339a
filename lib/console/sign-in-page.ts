import type { SsoOffer } from "#lib/contract/sso.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { showSsoOffer } from "./sso-settings.ts";

/** What a page may show to somebody who is not signed in. */
export interface SignInOffer {
  instanceName: string;
  sso: SsoOffer | undefined;
}

export async function showSignInOffer(): Promise<SignInOffer> {
  return { instanceName: instanceName(), sso: await showSsoOffer() };
}

/** The name that the organisation has given to this install. */
export function instanceName(): string {
  return currentSettings().general.organisation_name;
}

/** What people call the identity provider; `null` without one. */
export async function showSsoName(): Promise<string | null> {
  return (await showSsoOffer())?.name ?? null;
}
