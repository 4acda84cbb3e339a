import type { Route } from "next";
import { cookies, headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { cache } from "react";
import type { Person } from "#lib/auth/principal.ts";
import type { Action } from "#lib/catalog/roles.ts";
import { safeCallbackUrl } from "#lib/contract/callback-url.ts";
import { displayZone, type Preferences, ZONE_COOKIE } from "#lib/contract/preferences.ts";
import { newId } from "#lib/ids.ts";
import type { Actor } from "./actor.ts";
import { isAdmitted } from "./console-networks.ts";
import { mayTake } from "./permission.ts";
import { showPreferences } from "./preferences.ts";
import { reportingZone } from "./settings.ts";
import { currentSession, isSetupComplete } from "./sign-in.ts";
import { clientIpOf } from "./visitor.ts";

// The build knows the routes by their folders, and this file lies outside of them.
const SETUP = "/setup" as Route;

/** The person who looks at a page, with how they want it. */
export interface Viewer extends Actor {
  principal: Person;
  preferences: Preferences;
  /** The IANA zone in which times are shown. */
  zone: string;
  reportingZone: string;
  /** How this session began: what a fresh proof of identity asks for. */
  method: "password" | "oidc";
}

/**
 * Who is signed in, looked up once per request; `undefined` for a guest, for a session that has
 * ended, and from an address that the console may not be used from.
 */
export const getViewer = cache(async (): Promise<Viewer | undefined> => {
  const asked = await headers();
  const ip = clientIpOf(asked);
  const session = isAdmitted(ip) ? await currentSession() : undefined;
  if (session === undefined) {
    return undefined;
  }
  const preferences = await showPreferences(session.person.id);
  const browserZone = (await cookies()).get(ZONE_COOKIE)?.value;
  const reporting = reportingZone();
  return {
    principal: session.person,
    requestId: newId(),
    ip,
    preferences,
    zone: displayZone(preferences.zone, { browserZone, reportingZone: reporting }),
    reportingZone: reporting,
    method: session.method,
  };
});

/**
 * The person who looks at a page that needs `can`. Leads to the setup while that is open, to the
 * sign-in page when nobody is signed in, and to the forbidden view when the role does not allow it.
 */
export async function requireViewer(can: Action): Promise<Viewer> {
  if (!(await isSetupComplete())) {
    redirect(SETUP);
  }
  const viewer = await getViewer();
  if (viewer === undefined) {
    redirect(`/sign-in?callbackUrl=${encodeURIComponent(await currentPath())}` as Route);
  }
  if (!mayTake(viewer.principal, can)) {
    forbidden();
  }
  return viewer;
}

/** The path that was asked for, as `server.ts` wrote it down; `/` on a host that has no `server.ts`. */
async function currentPath(): Promise<string> {
  return safeCallbackUrl((await headers()).get("x-conduit-path"));
}
