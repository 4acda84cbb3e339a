import { z } from "zod";
import { getSecrets } from "#lib/auth/bootstrap.ts";
import {
  domainOf,
  type SsoChange,
  type SsoConfig,
  type SsoOffer,
  ssoConfig,
} from "#lib/contract/sso.ts";
import { type Secret, seal, unseal } from "#lib/crypto.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { getSetting } from "#lib/db/settings.ts";

/** The row of `settings` that holds single sign-on. */
export const SSO_KEY = "sso";

const sealedSecret = z.object({ version: z.string(), wrapped_key: z.string(), box: z.string() });

const storedSso = z.object({
  config: ssoConfig,
  secret: sealedSecret.nullable(),
  enforced: z.boolean(),
  /** The administrator whose password opens the console when the identity provider does not. */
  break_glass_user_id: z.string().nullable(),
  /** Raised by every edit, from 1. */
  version: z.number(),
});
export type StoredSso = z.infer<typeof storedSso>;

/** Single sign-on as it is stored; `undefined` when nobody has set it up. */
export async function readSso(db: Db = getDb("console")): Promise<StoredSso | undefined> {
  return parseSso(await getSetting(db, { key: SSO_KEY }));
}

/** A stored value as what it is; nothing for nothing. */
export function parseSso(value: unknown): StoredSso | undefined {
  return value === undefined ? undefined : storedSso.parse(value);
}

/** A secret is bound to the issuer it was given for: it cannot be sent to another one. */
function contextOf(issuer: string): string {
  return `sso-secret:${new URL(issuer).origin}`;
}

export function sealClientSecret(secret: string, issuer: string): z.infer<typeof sealedSecret> {
  const { version, wrappedKey, box } = seal(getSecrets().masterKeys, secret, contextOf(issuer));
  return { version, wrapped_key: wrappedKey.toString("base64"), box: box.toString("base64") };
}

export function openClientSecret({ secret, config }: StoredSso): Secret | undefined {
  if (secret === null) {
    return undefined;
  }
  const sealed = {
    version: secret.version,
    wrappedKey: Buffer.from(secret.wrapped_key, "base64"),
    box: Buffer.from(secret.box, "base64"),
  };
  return unseal(getSecrets().masterKeys, sealed, contextOf(config.issuer));
}

/** Whether a stored secret survives a change: not past another origin. */
export function keepsSecret(before: StoredSso | undefined, change: SsoChange): boolean {
  return (
    before !== undefined &&
    before.secret !== null &&
    contextOf(before.config.issuer) === contextOf(change.issuer)
  );
}

/** What the sign-in page offers; `undefined` when single sign-on is not set up. */
export async function showSsoOffer(): Promise<SsoOffer | undefined> {
  const sso = await readSso();
  if (sso === undefined) {
    return undefined;
  }
  return {
    name: sso.config.name,
    enforcedDomains: sso.enforced ? sso.config.allowed_domains : [],
  };
}

/** Whether somebody may sign in with a password where single sign-on is enforced. */
export async function mayUsePassword(
  user: { id: string; email: string } | undefined,
): Promise<boolean> {
  const sso = await readSso();
  if (user === undefined || sso === undefined || !sso.enforced) {
    return true;
  }
  return user.id === sso.break_glass_user_id || !isEnforced(sso.config, user.email);
}

function isEnforced(config: SsoConfig, email: string): boolean {
  return config.allowed_domains.includes(domainOf(email));
}
