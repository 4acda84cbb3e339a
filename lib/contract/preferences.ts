import type { Preferences, PreferencesInput } from "./preferences-schema.ts";
import { isTimeZone } from "./time-zone.ts";

/** How a person wants the console: what a browser needs to know of it, without the schemas. */
export type { Preferences, PreferencesInput } from "./preferences-schema.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const DENSITIES = ["compact", "default", "relaxed"] as const;
export type Density = (typeof DENSITIES)[number];

export const CLOCKS = ["24h", "12h"] as const;
export type Clock = (typeof CLOCKS)[number];

export const DEFAULT_PREFERENCES: Preferences = {
  zone: "browser",
  clock: "24h",
  theme: "system",
  density: "default",
  shortcuts: true,
  reducedMotion: false,
  sidebar: "open",
  dismissed: [],
  columns: {},
};

/** Preferences with a change applied. */
export function changePreferences(before: Preferences, change: PreferencesInput): Preferences {
  const { columns, ...rest } = change;
  const defined = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  );
  const merged = Object.entries({ ...before.columns, ...columns }).filter(
    (entry): entry is [string, string[]] => entry[1] !== null,
  );
  return { ...before, ...defined, columns: Object.fromEntries(merged) };
}

/** The browser tells its zone in this cookie, so that the server can write times in it. */
export const ZONE_COOKIE = "conduit.zone";

/** The theme of this browser, for pages that are shown before anybody has signed in. */
export const THEME_COOKIE = "conduit.theme";

/** The zone in which times are shown to a person. */
export function displayZone(
  zone: Preferences["zone"],
  known: { browserZone: string | undefined; reportingZone: string },
): string {
  if (zone === "reporting") {
    return known.reportingZone;
  }
  if (zone === "browser") {
    const told = known.browserZone;
    return told !== undefined && isTimeZone(told) ? told : known.reportingZone;
  }
  return zone;
}

/** The theme that a cookie names; anything else is the system's. */
export function readTheme(cookie: string | undefined): Theme {
  return THEMES.find((theme) => theme === cookie) ?? "system";
}
