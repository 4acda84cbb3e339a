import type { GroupRule, SsoConfig } from "#lib/contract/sso.ts";
import type { Claims } from "./sso-provider.ts";

/** What somebody's claims say of them, read through the claim map. */
export interface Identity {
  /** `<issuer> <subject>`: the name that the identity provider never gives to anybody else. */
  subject: string;
  email: string | undefined;
  /**
   * `true` only when the provider says so; `undefined` when it says nothing, as of an address that
   * is read from another claim than `email`, the only one that `email_verified` is about.
   */
  isEmailVerified: boolean | undefined;
  name: string | null;
  groups: readonly string[];
}

/** Reads claims; `undefined` without an issuer and a subject. */
export function identityOf(claims: Claims, config: SsoConfig): Identity | undefined {
  const { iss, sub } = claims;
  if (typeof iss !== "string" || typeof sub !== "string" || sub === "") {
    return undefined;
  }
  const email = textAt(claims, config.claims.email);
  const verified = config.claims.email === "email" ? claims["email_verified"] : undefined;
  return {
    subject: `${iss} ${sub}`,
    email: email?.normalize("NFKC").trim().toLowerCase(),
    isEmailVerified:
      verified === true || verified === "true" || (verified === undefined ? undefined : false),
    name: textAt(claims, config.claims.name)?.slice(0, 120) ?? null,
    groups: listAt(claims, config.claims.groups),
  };
}

/** What the group rules give to somebody with these groups. */
export interface Grants {
  /** `undefined` when no rule is about administrators, and the role stays as it is. */
  isAdmin: boolean | undefined;
  /** The teams that rules are about: the role there, or `null` for not being in it. */
  teams: ReadonlyMap<string, "team_admin" | "member" | null>;
}

export function grantsOf(rules: readonly GroupRule[], groups: readonly string[]): Grants {
  const held = new Set(groups);
  const teams = new Map<string, "team_admin" | "member" | null>();
  let isAdmin: boolean | undefined;
  for (const { group, role, team_id: teamId } of rules) {
    const holds = held.has(group);
    if (role === "admin") {
      isAdmin = holds || isAdmin === true;
    } else if (teamId !== null) {
      teams.set(teamId, higher(teams.get(teamId) ?? null, holds ? role : null));
    }
  }
  return { isAdmin, teams };
}

function higher(
  left: "team_admin" | "member" | null,
  right: "team_admin" | "member" | null,
): "team_admin" | "member" | null {
  return left === "team_admin" || right === "team_admin" ? "team_admin" : (left ?? right);
}

/** The value at a claim's name, or at a dotted path such as `realm_access.roles`. */
function valueAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) {
    return claims[name];
  }
  let value: unknown = claims;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) {
      return undefined;
    }
    // The line above has established that the key is there.
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function textAt(claims: Claims, name: string): string | undefined {
  const value = valueAt(claims, name);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function listAt(claims: Claims, name: string): string[] {
  const value = valueAt(claims, name);
  if (typeof value === "string") {
    return [value];
  }
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
