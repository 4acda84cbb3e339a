import { parseAsString, parseAsStringLiteral } from "nuqs/server";
import { ROLES } from "#lib/catalog/roles.ts";
import type { PersonQuery, PersonStatus } from "#lib/contract/people.ts";
import { PERSON_STATUSES, SIGN_IN_METHODS } from "#lib/contract/person-facts.ts";
import { parseAsOffset } from "../../_ui/offset-paging.ts";
import { type ReadParams, teamParam } from "../../_ui/search-params.ts";

/** The parameters of the list of members. */
export const MEMBER_PARAMS = {
  ...teamParam,
  role: parseAsStringLiteral(ROLES),
  status: parseAsStringLiteral(PERSON_STATUSES),
  method: parseAsStringLiteral(SIGN_IN_METHODS),
  q: parseAsString,
  offset: parseAsOffset,
};

type MemberParams = ReadParams<typeof MEMBER_PARAMS>["values"];

export function personQueryOf(params: MemberParams): PersonQuery {
  return {
    text: params.q ?? undefined,
    teamId: params.team ?? undefined,
    role: params.role ?? undefined,
    status: params.status ?? undefined,
    method: params.method ?? undefined,
    offset: params.offset,
  };
}

export function isNarrowed({ team, role, status, method, q }: MemberParams): boolean {
  return [team, role, status, method, q].some((value) => value !== null);
}

export const NO_FILTERS = { team: null, role: null, status: null, method: null, q: null } as const;

export const ROLE_LABELS = {
  admin: "Admin",
  team_admin: "Team admin",
  member: "Member",
} as const;

export const STATUS_LABELS: Readonly<Record<PersonStatus, string>> = {
  active: "Active",
  suspended: "Suspended",
  no_sign_in: "No sign-in",
  removed: "Removed",
};

export const METHOD_LABELS = { password: "Password", oidc: "Single sign-on" } as const;
