import { domainOf, type SsoConfig } from "#lib/contract/sso.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { insertMember } from "#lib/db/members.ts";
import {
  getSsoUserByEmail,
  getUserByOidcSubject,
  linkOidcSubject,
  livingTeamIds,
  type SsoUserRow,
} from "#lib/db/sso-users.ts";
import { insertUser } from "#lib/db/users.ts";
import { newId } from "#lib/ids.ts";
import type { Actor } from "./actor.ts";
import { applyChange } from "./change.ts";
import { applyGrants } from "./sso-grants.ts";
import { linkAccount } from "./sso-link.ts";
import { grantsOf, type Identity } from "./sso-roles.ts";
import type { Visitor } from "./visitor.ts";

/** Why somebody whom the identity provider knows does not get in. */
export type SsoRefusal = "no_email" | "domain" | "unverified" | "not_invited" | "suspended";

export type SsoAccount =
  | { kind: "known"; user: SsoUserRow }
  | { kind: "link"; user: SsoUserRow }
  | { kind: "create"; email: string }
  | { kind: "refused"; why: SsoRefusal };

/**
 * The account that an identity belongs to. The subject decides; an address binds an account that
 * exists only once, only from an allowed domain, and only when the provider vouches for it, because
 * whoever can have any address put into their claims could otherwise take over any account.
 */
export async function findAccount(
  db: Db,
  { config, identity }: { config: SsoConfig; identity: Identity },
): Promise<SsoAccount> {
  const known = await getUserByOidcSubject(db, { subject: identity.subject });
  if (known !== undefined) {
    return known.suspendedAt === null
      ? { kind: "known", user: known }
      : { kind: "refused", why: "suspended" };
  }
  const { email } = identity;
  const why = addressRefusal(config, email);
  if (why !== undefined || email === undefined) {
    return { kind: "refused", why: why ?? "no_email" };
  }
  const sameEmail = await getSsoUserByEmail(db, { email });
  return sameEmail === undefined
    ? creationOf(config, identity, email)
    : linkOf(sameEmail, identity);
}

function addressRefusal(config: SsoConfig, email: string | undefined): SsoRefusal | undefined {
  if (email === undefined || !/^[^@\s]+@[^@\s]+$/.test(email)) {
    return "no_email";
  }
  return config.allowed_domains.includes(domainOf(email)) ? undefined : "domain";
}

function creationOf(config: SsoConfig, identity: Identity, email: string): SsoAccount {
  if (!config.create_people) {
    return { kind: "refused", why: "not_invited" };
  }
  return identity.isEmailVerified === false
    ? { kind: "refused", why: "unverified" }
    : { kind: "create", email };
}

function linkOf(user: SsoUserRow, identity: Identity): SsoAccount {
  if (user.suspendedAt !== null) {
    return { kind: "refused", why: "suspended" };
  }
  // Bound to another subject already: the address has been given to somebody else since.
  const mayLink = user.oidcSubject === null && identity.isEmailVerified === true;
  return mayLink ? { kind: "link", user } : { kind: "refused", why: "unverified" };
}

/**
 * Finds, links or makes the account behind an identity, and brings its role and teams in line with
 * its groups. Gives the user's id, or why there is none.
 */
export async function admitIdentity(
  visitor: Visitor,
  params: { config: SsoConfig; identity: Identity },
): Promise<{ userId: string } | { refused: SsoRefusal }> {
  const account = await findAccount(getDb("console"), params);
  if (account.kind === "refused") {
    return { refused: account.why };
  }
  const { config, identity } = params;
  const grants = grantsOf(config.group_rules, identity.groups);
  const userId = account.kind === "create" ? newId() : account.user.id;
  const actor = actorFor(
    visitor,
    userId,
    account.kind === "create" ? account.email : account.user.email,
  );
  if (account.kind === "create") {
    await createAccount(actor, { config, identity, userId, email: account.email });
  } else if (account.kind === "link") {
    await linkAccount(actor, { user: account.user, subject: identity.subject });
  }
  await applyGrants(actor, { userId, grants });
  return { userId };
}

/** Nobody is signed in yet: the person acts on their own account, as the identity provider allows. */
function actorFor(visitor: Visitor, userId: string, email: string): Actor {
  return {
    principal: {
      kind: "user",
      id: userId,
      email,
      name: null,
      isAdmin: false,
      teams: [],
      sessionId: "",
      steppedUpUntil: null,
    },
    requestId: visitor.requestId,
    ip: visitor.ip,
  };
}

async function createAccount(
  actor: Actor,
  params: { config: SsoConfig; identity: Identity; userId: string; email: string },
): Promise<void> {
  const { config, identity, userId, email } = params;
  await applyChange(actor, async (tx) => {
    await insertUser(tx, { id: userId, email, name: identity.name, role: "member" });
    await linkOidcSubject(tx, { id: userId, subject: identity.subject, keepsPassword: false });
    const teamId = config.default_team_id;
    const [team] = teamId === null ? [] : await livingTeamIds(tx, { ids: [teamId] });
    if (team !== undefined) {
      await insertMember(tx, { teamId: team, userId, role: "member" });
    }
    return {
      result: undefined,
      kind: "user",
      subjectId: userId,
      action: "user.create",
      after: { email, role: "member", by: "single sign-on", team_id: team ?? null },
    };
  });
}
