import { roleOf } from "#lib/auth/principal.ts";
import { instantOf } from "#lib/contract/instants.ts";
import {
  PEOPLE_PAGE,
  type PersonEffect,
  type PersonInfo,
  type PersonQuery,
  type PersonTeam,
  type SignInMethod,
} from "#lib/contract/people.ts";
import { getDb } from "#lib/db/client.ts";
import { listAdminContacts } from "#lib/db/frame.ts";
import { countLivingKeys, countRequestsSince } from "#lib/db/ownership.ts";
import {
  getPerson,
  listPeople,
  listTeamsOfPeople,
  type PersonRow,
  statusOfPerson,
} from "#lib/db/people.ts";
import { listSessions } from "#lib/db/sessions.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { requireFound } from "./found.ts";

const HOUR_MS = 3_600_000;

/** One page of the people that an actor may see: all, or those of the teams that the actor leads. */
export async function showPeople(
  actor: Actor,
  query: PersonQuery,
): Promise<{ people: PersonInfo[]; total: number }> {
  const db = getDb("console");
  const scope = scopeOf(actor, "user.read");
  const { rows, total } = await listPeople(db, { scope, query, limit: PEOPLE_PAGE });
  const teams = await listTeamsOfPeople(db, {
    userIds: rows.map(({ id }) => id),
    teamIds: scope.all ? undefined : scope.teamIds,
  });
  const teamsOf = Map.groupBy(teams, ({ userId }) => userId);
  return { people: rows.map((row) => infoOf(row, teamsOf.get(row.id) ?? [])), total };
}

function infoOf(row: PersonRow, teams: readonly PersonTeam[]): PersonInfo {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: roleOf({ isAdmin: row.role === "admin", teams }),
    teams: teams.map(({ id, name, role }) => ({ id, name, role })),
    methods: methodsOf(row),
    status: statusOfPerson(row),
    last_seen_at: instantOf(row.lastSeenAt),
    key_count: row.keyCount,
    created_at: instantOf(row.createdAt),
  };
}

function methodsOf(row: PersonRow): SignInMethod[] {
  const methods: SignInMethod[] = [];
  if (row.hasPassword) {
    methods.push("password");
  }
  if (row.hasOidc) {
    methods.push("oidc");
  }
  return methods;
}

/** What suspending or removing somebody would touch, counted now. */
export async function showPersonEffect(actor: Actor, id: string): Promise<PersonEffect> {
  const db = getDb("console");
  const scope = scopeOf(actor, "user.read");
  const person = requireFound(await getPerson(db, { id, scope }), "person");
  const now = Date.now();
  const admins = person.role === "admin" ? await listAdminContacts(db, { limit: 2 }) : [];
  const sessions = await listSessions(db, { userId: id, idleSince: new Date(0) });
  return {
    key_count: await countLivingKeys(db, { userId: id }),
    requests_hour: await countRequestsSince(db, {
      owner: { userId: id },
      since: new Date(now - HOUR_MS),
    }),
    session_count: sessions.length,
    is_last_admin: person.role === "admin" && admins.length <= 1,
  };
}
