import type { Role } from "#lib/catalog/roles.ts";

/** A person who is signed in. */
export interface Person {
  kind: "user";
  id: string;
  email: string;
  name: string | null;
  isAdmin: boolean;
  /** The teams that this person is in. */
  teams: readonly { id: string; name: string; role: "team_admin" | "member" }[];
  sessionId: string;
  /** Until then what needs a fresh proof of identity may be done. */
  steppedUpUntil: Date | null;
}

/** Who acts on the console or the admin API: the admin key, an admin token, or a person. */
export type Principal =
  | { kind: "admin_key" }
  | { kind: "admin_token"; id: string; name: string; scopes: readonly string[] }
  | Person;

/** The highest role that a person has anywhere. */
export function roleOf(person: Pick<Person, "isAdmin" | "teams">): Role {
  if (person.isAdmin) {
    return "admin";
  }
  return person.teams.some(({ role }) => role === "team_admin") ? "team_admin" : "member";
}
