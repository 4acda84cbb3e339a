import { z } from "zod";
import { hashPassword } from "#lib/auth/password.ts";
import { SETUP_COMPLETED } from "#lib/auth/setup-token.ts";
import type { SetupAdmin, SetupOrganisation, SetupState } from "#lib/contract/setup.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { listDeployments } from "#lib/db/deployments.ts";
import { currentSettings, getSection, getSetting, saveSetting } from "#lib/db/settings.ts";
import { holdSetup } from "#lib/db/setup.ts";
import { savePasswordHash } from "#lib/db/user-passwords.ts";
import { ensureUser, updateUser } from "#lib/db/users.ts";
import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import type { Actor } from "./actor.ts";
import { applyOwnChange } from "./own-change.ts";
import { assertPasswordFits } from "./password-rule.ts";
import { mayTake } from "./permission.ts";
import { recordEvent } from "./record-event.ts";
import { changeSettings } from "./settings.ts";
import type { Visitor } from "./visitor.ts";

/** The row of `settings` that says how far the first run has come. */
const PROGRESS = "setup_progress";

const progressSchema = z.object({
  admin_email: z.string(),
  organisation: z.boolean().default(false),
  provider: z.boolean().default(false),
});
type Progress = z.infer<typeof progressSchema>;

async function readProgress(db: Db): Promise<Progress | undefined> {
  const stored = await getSetting(db, { key: PROGRESS });
  return stored === undefined ? undefined : progressSchema.parse(stored);
}

/**
 * How far the first run has come. `actor` is whoever is signed in, if anybody is; who the
 * administrator is and what has been set up is told to an administrator alone.
 */
export async function showSetup(actor: Actor | undefined): Promise<SetupState> {
  const db = getDb("console");
  const progress = await readProgress(db);
  const { general, retention } = currentSettings();
  const stored = await getSection(db, { section: "general" });
  const { rows } = await listDeployments(db, { limit: 50, offset: 0 });
  const isAdmin = actor !== undefined && mayTake(actor.principal, "setting.update");
  return {
    reached: reachedBy(progress),
    admin_email: isAdmin ? (progress?.admin_email ?? null) : null,
    is_admin: isAdmin,
    organisation: {
      organisation_name: general.organisation_name,
      public_url: getEnv().publicUrl ?? general.public_url,
      is_public_url_fixed: getEnv().publicUrl !== undefined,
      reporting_zone: stored.updatedAt === null ? null : general.reporting_zone,
      payload_storage: retention.payload_storage,
    },
    deployments: isAdmin ? rows.map(({ name }) => name) : [],
  };
}

function reachedBy(progress: Progress | undefined): number {
  if (progress === undefined) {
    return 1;
  }
  if (!progress.organisation) {
    return 2;
  }
  return progress.provider ? 4 : 3;
}

/**
 * Makes the first administrator. One at a time, under a lock, and only while there is none: of two
 * tabs the second is told. The caller has checked the setup token.
 */
export async function createFirstAdmin(
  visitor: Visitor,
  input: Omit<SetupAdmin, "setup_token" | "confirm">,
): Promise<{ userId: string }> {
  assertPasswordFits(input.password, input.email);
  const passwordHash = await hashPassword(input.password);
  return await applyOwnChange(visitor, async (tx) => {
    await holdSetup(tx);
    await assertOpen(tx);
    if ((await readProgress(tx)) !== undefined) {
      throw new ConduitError("conflict", {
        message: "An administrator was created a moment ago. Reload the page and sign in.",
      });
    }
    const { user } = await ensureUser(tx, { id: newId(), email: input.email });
    await updateUser(tx, { id: user.id, name: input.name, role: "admin", suspendedAt: null });
    await savePasswordHash(tx, { id: user.id, passwordHash });
    await saveSetting(tx, { key: PROGRESS, value: { admin_email: input.email } });
    return {
      result: { userId: user.id },
      kind: "user",
      subjectId: user.id,
      action: "setup.admin",
      actor: { id: user.id, email: input.email },
      after: { email: input.email, name: input.name, role: "admin" },
    };
  });
}

async function assertOpen(db: Db): Promise<void> {
  const completedAt = await getSetting(db, { key: SETUP_COMPLETED });
  if (completedAt !== undefined && completedAt !== null) {
    throw new ConduitError("not_found", { message: "The setup is finished." });
  }
}

/** What the install is called, how it is reached, and what it keeps. */
export async function saveOrganisation(actor: Actor, input: SetupOrganisation): Promise<void> {
  await assertOpen(getDb("console"));
  const { payload_storage, ...general } = input;
  const isFixed = getEnv().publicUrl !== undefined;
  await changeSettings(actor, "general", {
    ...general,
    ...(isFixed ? { public_url: undefined } : {}),
  });
  await changeSettings(actor, "retention", { payload_storage });
  await advance({ organisation: true });
}

/** The step of the provider is over: one was added, or it was left for later. */
export async function passProvider(): Promise<void> {
  await assertOpen(getDb("console"));
  await advance({ provider: true });
}

async function advance(step: Partial<Omit<Progress, "admin_email">>): Promise<void> {
  await getDb("console").transaction(async (tx) => {
    await holdSetup(tx);
    const progress = await readProgress(tx);
    if (progress !== undefined) {
      await saveSetting(tx, { key: PROGRESS, value: { ...progress, ...step } });
    }
  });
}

/** Ends the first run for good: its page is gone, and the console opens. */
export async function finishSetup(actor: Actor): Promise<void> {
  await assertOpen(getDb("console"));
  await saveSetting(getDb("console"), { key: SETUP_COMPLETED, value: new Date().toISOString() });
  await recordEvent(actor, { action: "setup.complete", targetType: "settings", targetId: null });
}
