import type { LookupEntry, LookupQuery, LookupType } from "#lib/contract/lookup.ts";
import type { Scope } from "#lib/contract/scope.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import {
  findAliases,
  findDeployments,
  findKeys,
  findModels,
  findTeams,
  findUsers,
  type Lookup,
} from "#lib/db/lookup.ts";
import { findPrompts } from "#lib/db/prompts.ts";
import { isUuid } from "#lib/ids.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { assertAllowed, mayTake } from "./permission.ts";

const MOST_ENTRIES = 20;

/** One finder a type; each asks for the permission that the type's own page needs. */
const FINDERS: Readonly<
  Record<LookupType, (db: Db, lookup: Lookup, actor: Actor) => Promise<LookupEntry[]>>
> = {
  key: async (db, lookup, actor) => {
    assertAllowed(actor.principal, "key.read");
    return await findKeys(db, lookup, scopeOf(actor, "key.read"));
  },
  user: async (db, lookup, actor) => await findUsers(db, lookup, peopleInReach(actor)),
  team: async (db, lookup, actor) => {
    assertAllowed(actor.principal, "team.read");
    return await findTeams(db, lookup, teamsInReach(actor));
  },
  deployment: async (db, lookup, actor) => {
    assertAllowed(actor.principal, "deployment.read");
    return await findDeployments(db, lookup);
  },
  alias: async (db, lookup, actor) => {
    assertAllowed(actor.principal, "alias.read");
    return await findAliases(db, lookup);
  },
  model: async (db, lookup, actor) => {
    assertAllowed(actor.principal, "deployment.read");
    return await findModels(db, lookup);
  },
  prompt: async (db, lookup, actor) => {
    assertAllowed(actor.principal, "prompt.read");
    return await findPrompts(db, lookup);
  },
};

/**
 * What an actor may choose from, by a part of a name: twenty entries at most, first the one that
 * `query.id` names if the actor may see it.
 */
export async function showLookup(
  actor: Actor,
  type: LookupType,
  query: LookupQuery,
): Promise<{ entries: LookupEntry[] }> {
  const lookup = { text: query.q.trim(), id: chosenId(type, query.id), limit: MOST_ENTRIES };
  return { entries: await FINDERS[type](getDb("console"), lookup, actor) };
}

/** The column is a uuid, and what is none would be an error of the database. */
function chosenId(type: LookupType, id: string | undefined): string | undefined {
  const isNamed = type === "alias" || type === "model" || type === "prompt";
  return id === undefined || isNamed || !isUuid(id) ? undefined : id;
}

/** Who may list nobody still finds themself. */
function peopleInReach(actor: Actor): Scope {
  const { principal } = actor;
  if (principal.kind === "user" && !mayTake(principal, "user.read")) {
    return { all: false, userId: principal.id, teamIds: [] };
  }
  assertAllowed(principal, "user.read");
  return scopeOf(actor, "user.read");
}

/** An admin chooses among all teams, everybody else among their own. */
function teamsInReach(actor: Actor): readonly string[] | undefined {
  const scope = scopeOf(actor, "team.read");
  const { principal } = actor;
  if (scope.all || principal.kind !== "user") {
    return undefined;
  }
  return principal.teams.map(({ id }) => id);
}
