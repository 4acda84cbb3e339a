"use client";

import { createContext, type ReactNode, use, useState } from "react";
import { toast } from "sonner";
import type { Role } from "#lib/catalog/roles.ts";
import type { ActionResult } from "#lib/contract/action-result.ts";
import {
  changePreferences,
  DEFAULT_PREFERENCES,
  type Preferences,
  type PreferencesInput,
} from "#lib/contract/preferences.ts";

/** Who looks at the page, as far as components need to know. */
export interface ConsoleViewer {
  id: string;
  name: string | null;
  email: string;
  role: Role;
  teams: readonly { id: string; name: string; role: "team_admin" | "member" }[];
  /** The zone in which times are shown. */
  zone: string;
  /** The zone whose days, weeks and months budgets and charts have. */
  reportingZone: string;
}

export type SavePreferences = (change: PreferencesInput) => Promise<ActionResult<unknown>>;

interface ViewerState {
  viewer: ConsoleViewer;
  preferences: Preferences;
  save: (change: PreferencesInput) => Promise<boolean>;
}

const ViewerContext = createContext<ViewerState | null>(null);

export interface ViewerProviderProps {
  viewer: ConsoleViewer;
  preferences: Preferences;
  /** The action that stores a change. */
  savePreferences: SavePreferences;
  children: ReactNode;
}

/** Stands once around the console; below it `useViewer` and `usePreferences` work. */
export function ViewerProvider({
  viewer,
  preferences: stored,
  savePreferences,
  children,
}: ViewerProviderProps) {
  const [local, setLocal] = useState({ stored, current: stored });
  // What the server sends anew wins over what was changed here before.
  const preferences = local.stored === stored ? local.current : stored;

  const save = async (change: PreferencesInput) => {
    setLocal({ stored, current: changePreferences(preferences, change) });
    const result = await savePreferences(change).catch(() => undefined);
    if (result?.ok === true) {
      return true;
    }
    setLocal({ stored, current: preferences });
    toast.error(result?.formError ?? "Your preferences could not be saved.");
    return false;
  };

  return <ViewerContext value={{ viewer, preferences, save }}>{children}</ViewerContext>;
}

/** Who looks at the page. Works below the console's layout only. */
export function useViewer(): ConsoleViewer {
  const state = use(ViewerContext);
  if (state === null) {
    throw new Error("useViewer works below the console's layout only.");
  }
  return state.viewer;
}

/**
 * The viewer's preferences, and a function that changes them: `save({ density: "compact" })`,
 * `save({ columns: { logs: ["time", "status"] } })`, `save({ columns: { logs: null } })` for the
 * default columns. A change shows at once; one that cannot be stored is taken back, said in a toast,
 * and answered with false. Outside of the console they are the defaults, and nothing is stored.
 */
export function usePreferences(): Pick<ViewerState, "preferences" | "save"> {
  const state = use(ViewerContext);
  return state ?? { preferences: DEFAULT_PREFERENCES, save: () => Promise.resolve(false) };
}

/** How times are written for the viewer; in UTC where nobody is signed in. */
export function useClock(): { zone: string; reportingZone: string; clock: Preferences["clock"] } {
  const state = use(ViewerContext);
  return {
    zone: state?.viewer.zone ?? "UTC",
    reportingZone: state?.viewer.reportingZone ?? "UTC",
    clock: state?.preferences.clock ?? DEFAULT_PREFERENCES.clock,
  };
}
