import { z } from "zod";
import { isTimeZone, timeZoneInput } from "./time-zone.ts";

/** How a person wants the console. Every field has a default, so that old rows stay readable. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const DENSITIES = ["compact", "default", "relaxed"] as const;
export type Density = (typeof DENSITIES)[number];

export const CLOCKS = ["24h", "12h"] as const;
export type Clock = (typeof CLOCKS)[number];

/** `browser` is the zone of the machine in use, `reporting` the organisation's; else a zone's name. */
const displayZoneInput = z.union([z.enum(["browser", "reporting"]), timeZoneInput]);

/** A table's columns in order, by their ids, as far as somebody has chosen them. */
const columnChoice = z.array(z.string().min(1).max(64)).max(64);
const MAX_TABLES = 64;

const fields = {
  zone: displayZoneInput,
  clock: z.enum(CLOCKS),
  theme: z.enum(THEMES),
  density: z.enum(DENSITIES),
  /** Whether single keys are shortcuts. */
  shortcuts: z.boolean(),
  reducedMotion: z.boolean(),
  sidebar: z.enum(["open", "collapsed"]),
  /** Hints that were closed, by name. */
  dismissed: z.array(z.string().min(1).max(64)).max(64),
  columns: z
    .record(z.string().min(1).max(64), columnChoice)
    .refine((tables) => Object.keys(tables).length <= MAX_TABLES, "holds too many tables"),
};

/** A change: what is left out stays; `columns` is merged table by table, `null` is the default. */
export const preferencesInput = z
  .strictObject({
    ...fields,
    columns: z.record(z.string().min(1).max(64), columnChoice.nullable()),
  })
  .partial();
export type PreferencesInput = z.infer<typeof preferencesInput>;

export const preferences = z.object({
  zone: fields.zone.catch("browser"),
  clock: fields.clock.catch("24h"),
  theme: fields.theme.catch("system"),
  density: fields.density.catch("default"),
  shortcuts: fields.shortcuts.catch(true),
  reducedMotion: fields.reducedMotion.catch(false),
  sidebar: fields.sidebar.catch("open"),
  dismissed: fields.dismissed.catch([]),
  columns: fields.columns.catch({}),
});
export type Preferences = z.infer<typeof preferences>;

export const DEFAULT_PREFERENCES: Preferences = preferences.parse({});

/** Preferences from a stored value; a field that no longer parses falls back to its default. */
export function readPreferences(stored: unknown): Preferences {
  const isRecord = typeof stored === "object" && stored !== null && !Array.isArray(stored);
  return preferences.parse(isRecord ? stored : {});
}

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
