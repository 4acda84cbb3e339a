import type { ReactNode } from "react";
import { showFrame } from "#lib/console/frame.ts";
import { showSsoName } from "#lib/console/sign-in-page.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import { SessionGuard } from "../_ui/session-guard.tsx";
import { Frame } from "../_ui/shell/frame.tsx";
import { confirmPassword, savePreferences, signInAgain, signOut } from "./actions.ts";

interface ConsoleLayoutProps {
  children: ReactNode;
}

export default async function ConsoleLayout({ children }: ConsoleLayoutProps) {
  const viewer = await requireViewer("profile.use");
  const { role, teams, problems } = await showFrame(viewer);
  const { principal, zone, reportingZone, preferences, method } = viewer;
  return (
    <Frame
      viewer={{
        id: principal.id,
        name: principal.name,
        email: principal.email,
        role,
        teams: principal.teams,
        zone,
        reportingZone,
      }}
      preferences={preferences}
      savePreferences={savePreferences}
      teams={teams}
      problems={problems}
      signOut={signOut}
    >
      <SessionGuard
        who={{ email: principal.email, method, ssoName: await showSsoName() }}
        confirmPassword={confirmPassword}
        signInAgain={signInAgain}
      >
        {children}
      </SessionGuard>
    </Frame>
  );
}
