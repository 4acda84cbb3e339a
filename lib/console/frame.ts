import { roleOf } from "#lib/auth/principal.ts";
import type { Role } from "#lib/catalog/roles.ts";
import { getDb } from "#lib/db/client.ts";
import { listAdminContacts, listTeamNames } from "#lib/db/frame.ts";
import { type Actor, requirePerson } from "./actor.ts";
import { readReadiness } from "./health.ts";

/** More would be no choice but a search. */
const MAX_TEAMS = 500;
const MAX_CONTACTS = 5;

/** What the frame around every page shows besides the person. */
export interface FrameFacts {
  /** The highest role that the person has anywhere. */
  role: Role;
  /** Every team for an admin, one's own for everybody else. */
  teams: { id: string; name: string }[];
  /** What does not work now and what that means, one sentence each. */
  problems: string[];
}

export async function showFrame(actor: Actor): Promise<FrameFacts> {
  const person = requirePerson(actor);
  return {
    role: roleOf(person),
    teams: person.isAdmin
      ? await listTeamNames(getDb("console"), { limit: MAX_TEAMS })
      : person.teams.map(({ id, name }) => ({ id, name })),
    problems: await listProblems(),
  };
}

async function listProblems(): Promise<string[]> {
  const { redis } = await readReadiness();
  return redis === "unavailable"
    ? [
        "Redis does not answer. Requests go on: budgets are kept in Postgres, and each process counts rate limits by itself until Redis is back.",
      ]
    : [];
}

/** Whom to ask for what one's own role does not allow. */
export async function listWhomToAsk(
  actor: Actor,
): Promise<{ name: string | null; email: string }[]> {
  requirePerson(actor);
  return await listAdminContacts(getDb("console"), { limit: MAX_CONTACTS });
}
