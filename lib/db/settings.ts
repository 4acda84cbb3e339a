import { eq, inArray } from "drizzle-orm";
import { settings } from "#drizzle/schema/settings.ts";
import {
  DEFAULT_SETTINGS,
  SETTING_SCHEMAS,
  SETTING_SECTIONS,
  type SettingSection,
  type Settings,
} from "#lib/contract/settings.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";
import { type Db, getDb } from "./client.ts";

/** A run-time setting as it was stored; its reader knows what it may be. */
export async function getSetting(db: Db, params: { key: string }): Promise<unknown> {
  const [row] = await db
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.key, params.key));
  return row?.value;
}

export async function saveSetting(db: Db, params: { key: string; value: unknown }): Promise<void> {
  const updatedAt = new Date();
  await db
    .insert(settings)
    .values({ key: params.key, value: params.value, updatedAt })
    .onConflictDoUpdate({ target: settings.key, set: { value: params.value, updatedAt } });
}

/** Stores a value unless there is one, and gives the one that is there then. */
export async function ensureSetting(
  db: Db,
  params: { key: string; value: unknown },
): Promise<unknown> {
  await db.insert(settings).values(params).onConflictDoNothing();
  return await getSetting(db, { key: params.key });
}

/** As `getSetting`, and nobody else changes it until the transaction ends. */
export async function lockSetting(tx: Db, params: { key: string }): Promise<unknown> {
  const [row] = await tx
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.key, params.key))
    .for("update");
  return row?.value;
}

export async function deleteSetting(db: Db, params: { key: string }): Promise<void> {
  await db.delete(settings).where(eq(settings.key, params.key));
}

/** A section as it is stored. Its row is the section's name; `version` is kept inside the value. */
export interface SectionRow<Section extends SettingSection> {
  values: Settings[Section];
  /** 1 while nobody has saved the section. */
  version: number;
  updatedAt: Date | null;
}

/**
 * A section with the defaults of what was never set. `lock` holds the row for the transaction, so
 * that of two edits of one version only the first finds it.
 */
export async function getSection<Section extends SettingSection>(
  db: Db,
  params: { section: Section; lock?: true },
): Promise<SectionRow<Section>> {
  const query = db.select().from(settings).where(eq(settings.key, params.section));
  const [row] = await (params.lock === true ? query.for("update") : query);
  if (row === undefined) {
    return { values: DEFAULT_SETTINGS[params.section], version: 1, updatedAt: null };
  }
  return { ...readStored(params.section, row.value), updatedAt: row.updatedAt };
}

export async function saveSection<Section extends SettingSection>(
  db: Db,
  params: { section: Section; values: Settings[Section]; version: number },
): Promise<void> {
  const { section, values, version } = params;
  await saveSetting(db, { key: section, value: { version, values } });
}

function readStored<Section extends SettingSection>(
  section: Section,
  stored: unknown,
): { values: Settings[Section]; version: number } {
  const { version, values } = stored as { version: number; values: unknown };
  const parsed = SETTING_SCHEMAS[section].safeParse(values);
  if (!parsed.success) {
    // Written by a later version, or by hand; what cannot be read must not take the gateway down.
    getLog().error({ err: parsed.error, section }, "stored settings are not valid; defaults hold");
    return { values: DEFAULT_SETTINGS[section], version };
  }
  // The schema of the section has made it.
  return { values: parsed.data as Settings[Section], version };
}

function held(): { current: Settings } {
  return singleton("settings", () => ({ current: DEFAULT_SETTINGS }));
}

/**
 * The settings that hold, from memory: the gateway and every page ask it. Before the first
 * `refreshSettings` they are the defaults.
 */
export function currentSettings(): Settings {
  return held().current;
}

/** Takes settings into use that were read earlier, for a start without the database. */
export function restoreSettings(settings: Settings): void {
  held().current = settings;
}

/** Reads all sections and swaps them in. When it throws, the last ones stay. */
export async function refreshSettings(db: Db = getDb()): Promise<Settings> {
  const rows = await db
    .select()
    .from(settings)
    .where(inArray(settings.key, [...SETTING_SECTIONS]));
  const found = new Map(rows.map((row) => [row.key, row.value]));
  const valuesOf = <Section extends SettingSection>(section: Section): Settings[Section] =>
    found.has(section) ? readStored(section, found.get(section)).values : DEFAULT_SETTINGS[section];
  held().current = {
    general: valuesOf("general"),
    retention: valuesOf("retention"),
    security: valuesOf("security"),
    cache: valuesOf("cache"),
  };
  return held().current;
}
