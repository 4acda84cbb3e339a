import type { Action } from "#lib/catalog/roles.ts";
import type { CacheSettings } from "#lib/contract/cache-settings.ts";
import { instantOf } from "#lib/contract/instants.ts";
import type {
  CacheChange,
  GeneralChange,
  RetentionChange,
  SecurityChange,
  SettingSection,
  Settings,
  SettingsInfo,
} from "#lib/contract/settings.ts";
import { getDb } from "#lib/db/client.ts";
import { currentSettings, getSection, type SectionRow, saveSection } from "#lib/db/settings.ts";
import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";
import { fieldsBefore } from "./audit-fields.ts";
import { assertCacheSettings, assertVectorsPossible } from "./cache-rules.ts";
import { applyChange } from "./change.ts";
import { assertAdmitted } from "./console-networks.ts";
import { assertSomeField } from "./found.ts";
import { assertAllowed } from "./permission.ts";
import { assertFresh } from "./stale.ts";

interface Changes {
  general: GeneralChange;
  retention: RetentionChange;
  security: SecurityChange;
  cache: CacheChange;
}

/** What seeing each section needs. */
const READ_NEEDS: Readonly<Record<SettingSection, Action>> = {
  general: "setting.read",
  retention: "setting.read",
  security: "setting.read",
  cache: "cache.read",
};

/** What a change of each section needs. */
const CHANGE_NEEDS: Readonly<Record<SettingSection, Action>> = {
  general: "setting.update",
  retention: "retention.set",
  security: "setting.update",
  cache: "cache.set",
};

/** A section as an administrator sees it. */
export async function showSettings<Section extends SettingSection>(
  actor: Actor,
  section: Section,
): Promise<SettingsInfo<Section>> {
  assertAllowed(actor.principal, READ_NEEDS[section]);
  return infoOf(section, await getSection(getDb("console"), { section }));
}

function infoOf<Section extends SettingSection>(
  section: Section,
  row: SectionRow<Section>,
): SettingsInfo<Section> {
  const { version, updatedAt, values } = row;
  return { section, version, updated_at: instantOf(updatedAt), values, locked: lockedOf(section) };
}

/** Fields that the environment sets: they are shown, and an edit of one is refused. */
function lockedOf(section: SettingSection): string[] {
  return section === "general" && getEnv().publicUrl !== undefined ? ["public_url"] : [];
}

/**
 * Changes some fields of a section. Throws `conflict` (409) for an edit of an older version, and
 * `invalid_value` naming a field that the environment sets, or networks that shut the actor out.
 */
export async function changeSettings<Section extends SettingSection>(
  actor: Actor,
  section: Section,
  input: Changes[Section],
): Promise<SettingsInfo<Section>> {
  assertAllowed(actor.principal, CHANGE_NEEDS[section]);
  const { expected_version: expected, ...change } = input;
  assertSomeField(change);
  assertUnlocked(section, change);
  assertAdmitted(actor, (change as SecurityChange).console_networks);
  await assertVectorsPossible(change);
  return await applyChange(actor, async (tx) => {
    const row = await getSection(tx, { section, lock: true });
    const current = infoOf(section, row);
    await assertFresh(tx, {
      expected,
      version: row.version,
      kind: "settings",
      id: section,
      current,
    });
    const set = Object.entries(change).filter(([, value]) => value !== undefined);
    // Both halves have passed the section's schema.
    const values = { ...row.values, ...Object.fromEntries(set) } as Settings[Section];
    if (section === "cache") {
      assertCacheSettings(values as CacheSettings, change);
    }
    const version = row.version + 1;
    await saveSection(tx, { section, values, version });
    return {
      result: infoOf(section, { values, version, updatedAt: new Date() }),
      kind: "settings",
      subjectId: section,
      action: "settings.update",
      before: fieldsBefore(row.values, Object.fromEntries(set)),
      after: Object.fromEntries(set),
    };
  });
}

function assertUnlocked(section: SettingSection, change: Readonly<Record<string, unknown>>): void {
  const field = lockedOf(section).find((name) => change[name] !== undefined);
  if (field !== undefined) {
    throw new ConduitError("invalid_value", {
      message: `'${field}' is set by CONDUIT_PUBLIC_URL in the environment.`,
      param: field,
    });
  }
}

/** How the install is reached from outside, without a slash at the end; `null` when nobody has said. */
export function publicUrl(): string | null {
  return getEnv().publicUrl?.replace(/\/+$/, "") ?? currentSettings().general.public_url;
}

/** The IANA time zone in which days of spend and usage begin. */
export function reportingZone(): string {
  return currentSettings().general.reporting_zone;
}
