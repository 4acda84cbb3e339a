import { z } from "zod";
import { CLOCKS, DEFAULT_PREFERENCES, DENSITIES, THEMES } from "./preferences.ts";
import { timeZoneInput } from "./time-zone-input.ts";

/** What preferences may be. Every field has a default, so that old rows stay readable. */

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

const preferences = z.object(fields);
export type Preferences = z.infer<typeof preferences>;

/** Preferences from a stored value; a field that no longer parses falls back to its default. */
export function readPreferences(stored: unknown): Preferences {
  const isRecord = typeof stored === "object" && stored !== null && !Array.isArray(stored);
  const held: Readonly<Record<string, unknown>> = isRecord ? { ...stored } : {};
  const read = Object.entries(fields).map(([name, field]) => {
    const parsed = field.safeParse(held[name]);
    return [name, parsed.success ? parsed.data : DEFAULT_PREFERENCES[name as keyof Preferences]];
  });
  // Field by field of the same table.
  return Object.fromEntries(read) as Preferences;
}
