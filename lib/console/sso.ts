import {
  EMPTY_SSO,
  type SsoChange,
  type SsoConfig,
  type SsoEnforcement,
  type SsoInfo,
} from "#lib/contract/sso.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { deleteSetting, lockSetting, saveSetting } from "#lib/db/settings.ts";
import { livingTeamIds } from "#lib/db/sso-users.ts";
import { listPasswordAdmins } from "#lib/db/user-passwords.ts";
import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { type Actor, requirePerson } from "./actor.ts";
import { applyChange, type Change } from "./change.ts";
import { originOf } from "./next-auth-call.ts";
import { type Discovery, discover } from "./sso-discovery.ts";
import {
  keepsSecret,
  parseSso,
  readSso,
  SSO_KEY,
  type StoredSso,
  sealClientSecret,
} from "./sso-settings.ts";
import { readSsoTest, type SsoTest } from "./sso-test.ts";
import { assertFresh } from "./stale.ts";

/** Single sign-on as an administrator sees it; the client secret is not part of it. */
export async function showSso(actor: Actor): Promise<SsoInfo> {
  const stored = await readSso();
  const person = requirePerson(actor);
  const test = await readSsoTest(person.id);
  return {
    ...plainOf(stored),
    passwordAdmins: await listPasswordAdmins(getDb("console")),
    test: test === undefined ? null : { ...test, isCurrent: test.version === stored?.version },
  };
}

function plainOf(stored: StoredSso | undefined): Omit<SsoInfo, "passwordAdmins" | "test"> {
  return {
    isConfigured: stored !== undefined,
    config: stored?.config ?? EMPTY_SSO,
    hasSecret: stored !== undefined && stored.secret !== null,
    enforced: stored?.enforced ?? false,
    break_glass_user_id: stored?.break_glass_user_id ?? null,
    version: stored?.version ?? 1,
  };
}

/** The address that the identity provider has to be told to send people back to. */
export function callbackAddress(headers: Headers): string {
  const { protocol, host } = originOf(headers);
  return `${protocol}://${host}${getEnv().basePath}/api/auth/callback/oidc`;
}

/** What an issuer says of itself, asked now. Throws with a sentence that names what is wrong. */
export async function askIssuer({ issuer }: { issuer: string }): Promise<{
  issuer: string;
  scopes: string[];
  claims: string[];
}> {
  const found: Discovery = await discover(issuer, { fresh: true });
  return {
    issuer: found.issuer,
    scopes: found.scopes_supported ?? [],
    claims: found.claims_supported ?? [],
  };
}

/**
 * Stores the settings. Another provider, client or set of domains ends the enforcement: what was
 * tested was something else. Throws `invalid_value` naming the field at fault, and `conflict` for an
 * edit of an older version.
 */
export async function changeSso(actor: Actor, input: SsoChange): Promise<SsoInfo> {
  const { client_secret: secret, expected_version: expected, ...config } = input;
  // Asked outside of the transaction: it waits for somebody else's server.
  await discover(config.issuer, { fresh: true });
  await applyChange(actor, async (tx) => {
    const before = await lockSso(tx, expected);
    await assertTeams(tx, input);
    const kept = keepsSecret(before, input) ? (before?.secret ?? null) : null;
    if (before?.secret != null && kept === null && secret === undefined) {
      throw new ConduitError("invalid_value", {
        message: "Another issuer needs its own client secret.",
        param: "client_secret",
      });
    }
    const next: StoredSso = {
      config,
      secret: secret === undefined ? kept : sealClientSecret(secret, config.issuer),
      enforced: before?.enforced === true && isSameProvider(before.config, config),
      break_glass_user_id: before?.break_glass_user_id ?? null,
      version: (before?.version ?? 1) + 1,
    };
    return await store(tx, {
      action: "sso.update",
      before,
      next,
      isNewSecret: secret !== undefined,
    });
  });
  return await showSso(actor);
}

function isSameProvider(left: SsoConfig, right: SsoConfig): boolean {
  const parts = ({ issuer, client_id, allowed_domains }: SsoConfig) =>
    JSON.stringify([issuer, client_id, allowed_domains]);
  return parts(left) === parts(right);
}

/** Throws `invalid_value` for a rule or a default that names a team which is not there. */
async function assertTeams(tx: Db, { group_rules: rules, default_team_id: team }: SsoChange) {
  const wanted = [...rules.map(({ team_id }) => team_id), team].filter((id) => id !== null);
  const living = new Set(await livingTeamIds(tx, { ids: wanted }));
  for (const [at, { team_id: id }] of rules.entries()) {
    if (id !== null && !living.has(id)) {
      throw gone(`group_rules[${at}].team_id`);
    }
  }
  if (team !== null && !living.has(team)) {
    throw gone("default_team_id");
  }
}

function gone(param: string): ConduitError {
  return new ConduitError("invalid_value", {
    message: "This team does not exist any more.",
    param,
  });
}

/**
 * Turns the enforcement on or off. On only after this administrator has passed a test sign-in with
 * the settings as they are, and with an emergency account whose password goes on working.
 */
export async function enforceSso(actor: Actor, input: SsoEnforcement): Promise<SsoInfo> {
  const person = requirePerson(actor);
  const test = await readSsoTest(person.id);
  await applyChange(actor, async (tx) => {
    const before = await lockSso(tx, input.expected_version);
    if (before === undefined) {
      throw new ConduitError("not_found", { message: "Single sign-on is not set up." });
    }
    if (input.enforced) {
      await assertEnforceable(tx, { before, test, input });
    }
    const next: StoredSso = {
      ...before,
      enforced: input.enforced,
      break_glass_user_id: input.break_glass_user_id,
    };
    return await store(tx, { action: "sso.enforce", before, next, isNewSecret: false });
  });
  return await showSso(actor);
}

async function assertEnforceable(
  tx: Db,
  params: { before: StoredSso; test: SsoTest | undefined; input: SsoEnforcement },
): Promise<void> {
  const { before, test, input } = params;
  if (before.config.allowed_domains.length === 0) {
    throw new ConduitError("invalid_value", {
      message: "Say which domains it is enforced for: the allowed domains are empty.",
      param: "enforced",
    });
  }
  if (test === undefined || test.version !== before.version || test.account === "refused") {
    throw new ConduitError("invalid_value", {
      message: "Pass a test sign-in with these settings first.",
      param: "enforced",
    });
  }
  const admins = await listPasswordAdmins(tx);
  if (!admins.some(({ id }) => id === input.break_glass_user_id)) {
    throw new ConduitError("invalid_value", {
      message: "Choose an admin who has a password, for the day the identity provider is down.",
      param: "break_glass_user_id",
    });
  }
}

/** Takes single sign-on away: people need a password or a reset link from then on. */
export async function removeSso(actor: Actor): Promise<void> {
  await applyChange(actor, async (tx) => {
    const before = await lockSso(tx, undefined);
    await deleteSetting(tx, { key: SSO_KEY });
    return {
      result: undefined,
      kind: "settings",
      subjectId: SSO_KEY,
      action: "sso.delete",
      before: before === undefined ? {} : auditOf(before),
    };
  });
}

async function lockSso(tx: Db, expected: number | undefined): Promise<StoredSso | undefined> {
  const before = parseSso(await lockSetting(tx, { key: SSO_KEY }));
  await assertFresh(tx, {
    expected,
    version: before?.version ?? 1,
    kind: "settings",
    id: SSO_KEY,
    current: plainOf(before),
  });
  return before;
}

async function store(
  tx: Db,
  params: {
    action: string;
    before: StoredSso | undefined;
    next: StoredSso;
    isNewSecret: boolean;
  },
): Promise<Change<undefined>> {
  const { action, before, next, isNewSecret } = params;
  await saveSetting(tx, { key: SSO_KEY, value: next });
  return {
    result: undefined,
    kind: "settings",
    subjectId: SSO_KEY,
    action,
    before: before === undefined ? {} : auditOf(before),
    after: { ...auditOf(next), ...(isNewSecret ? { client_secret: "[secret]" } : {}) },
  };
}

function auditOf({ config, enforced, break_glass_user_id }: StoredSso): Record<string, unknown> {
  return { ...config, enforced, break_glass_user_id };
}
