import { type ReactNode, Suspense } from "react";
import type { Preferences } from "#lib/contract/preferences.ts";
import { type ConsoleViewer, type SavePreferences, ViewerProvider } from "../viewer-context.tsx";
import { BottomBar } from "./bottom-bar.tsx";
import { BrowserFacts } from "./browser-facts.tsx";
import { DegradedBar } from "./degraded-bar.tsx";
import { OfflineBar } from "./offline-bar.tsx";
import { RouteFocus } from "./route-focus.tsx";
import { ShortcutListener } from "./shortcut-listener.tsx";
import { Sidebar } from "./sidebar.tsx";
import { TopBar } from "./top-bar.tsx";

export interface FrameProps {
  viewer: ConsoleViewer;
  preferences: Preferences;
  savePreferences: SavePreferences;
  /** The teams to choose from: every one for an admin, else one's own. */
  teams: readonly { id: string; name: string }[];
  /** What does not work in the install now. */
  problems: readonly string[];
  signOut: (input: object) => Promise<unknown>;
  children: ReactNode;
}

/** What stands around every page: the way around, the account, and the page's own place. */
export function Frame({
  viewer,
  preferences,
  savePreferences,
  teams,
  problems,
  signOut,
  children,
}: FrameProps) {
  return (
    <ViewerProvider viewer={viewer} preferences={preferences} savePreferences={savePreferences}>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:rounded-md focus:bg-primary focus:px-3 focus:py-2 focus:text-on-primary"
      >
        Skip to the page
      </a>
      <Suspense>
        <ShortcutListener />
      </Suspense>
      <BrowserFacts />
      <RouteFocus />
      <div className="flex min-h-dvh isolate">
        <Suspense>
          <Sidebar />
        </Suspense>
        <div className="flex min-w-0 flex-1 flex-col">
          <Suspense>
            <TopBar teams={teams} signOut={signOut} />
          </Suspense>
          <OfflineBar />
          <DegradedBar problems={problems} />
          <main id="main" tabIndex={-1} className="min-w-0 flex-1 pb-20 md:pb-8">
            {children}
          </main>
        </div>
      </div>
      <Suspense>
        <BottomBar />
      </Suspense>
    </ViewerProvider>
  );
}
