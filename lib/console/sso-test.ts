import { z } from "zod";
import { getDb } from "#lib/db/client.ts";
import { getSetting, saveSetting } from "#lib/db/settings.ts";
import { findAccount, type SsoAccount } from "./sso-account.ts";
import type { Claims } from "./sso-provider.ts";
import { grantsOf, identityOf } from "./sso-roles.ts";
import type { StoredSso } from "./sso-settings.ts";

const TEST_KEY = "sso_test";

const storedTest = z.object({
  user_id: z.string(),
  /** The version of the settings that were tried. */
  version: z.number(),
  at: z.string(),
  claims: z.record(z.string(), z.unknown()),
  email: z.string().nullable(),
  groups: z.array(z.string()),
  is_admin: z.boolean().nullable(),
  teams: z.array(z.object({ team_id: z.string(), role: z.enum(["team_admin", "member"]) })),
  account: z.enum(["known", "link", "create", "refused"]),
  refusal: z.string().nullable(),
});
export type SsoTest = z.infer<typeof storedTest>;

/** Protocol claims that say nothing of the person, and are of no use to whoever sets this up. */
const NOT_SHOWN = new Set(["nonce", "at_hash", "c_hash", "s_hash", "sid", "jti"]);

/** Keeps what a test sign-in brought, for the administrator who made it. Nobody is signed in by it. */
export async function saveSsoTest(params: {
  userId: string;
  stored: StoredSso;
  claims: Claims;
}): Promise<void> {
  const { userId, stored, claims } = params;
  const { config, version } = stored;
  const identity = identityOf(claims, config);
  const db = getDb("console");
  const account: SsoAccount =
    identity === undefined
      ? { kind: "refused", why: "no_email" }
      : await findAccount(db, { config, identity });
  const grants = grantsOf(config.group_rules, identity?.groups ?? []);
  const teams = [...grants.teams].flatMap(([teamId, role]) =>
    role === null ? [] : [{ team_id: teamId, role }],
  );
  const test: SsoTest = {
    user_id: userId,
    version,
    at: new Date().toISOString(),
    claims: Object.fromEntries(Object.entries(claims).filter(([name]) => !NOT_SHOWN.has(name))),
    email: identity?.email ?? null,
    groups: [...(identity?.groups ?? [])],
    is_admin: grants.isAdmin ?? null,
    teams,
    account: account.kind,
    refusal: account.kind === "refused" ? account.why : null,
  };
  await saveSetting(db, { key: TEST_KEY, value: test });
}

/** The last test sign-in of a person; `undefined` when there was none, or it was somebody else's. */
export async function readSsoTest(userId: string): Promise<SsoTest | undefined> {
  const parsed = storedTest.safeParse(await getSetting(getDb("console"), { key: TEST_KEY }));
  return parsed.success && parsed.data.user_id === userId ? parsed.data : undefined;
}
