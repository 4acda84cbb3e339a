import { type Person, type Principal, roleOf } from "#lib/auth/principal.ts";
import { type Action, reachOf } from "#lib/catalog/roles.ts";
import type { Scope } from "#lib/contract/scope.ts";
import { ConduitError } from "#lib/errors.ts";

/** Who asks and under which request id: what an audit event says of its cause. */
export interface Actor {
  principal: Principal;
  requestId: string;
  ip: string | null;
}

/** How far an actor reaches with an action that it may take: the scope of a query. */
export function scopeOf({ principal }: Actor, action: Action): Scope {
  if (principal.kind !== "user" || reachOf(roleOf(principal), action) === "all") {
    return { all: true };
  }
  const reach = reachOf(roleOf(principal), action);
  return {
    all: false,
    userId: principal.id,
    teamIds: reach === "team" ? ledTeams(principal) : [],
  };
}

/** The teams that a person administers. */
export function ledTeams(person: Person): string[] {
  return person.teams.filter(({ role }) => role === "team_admin").map(({ id }) => id);
}

/**
 * Throws `not_found` (404) for an object outside the actor's reach: who may not see a thing is not
 * told that it exists. `what` is the noun of the message, as "key".
 */
export function assertWithinReach(
  actor: Actor,
  action: Action,
  object: { userId: string | null; teamId: string | null; what: string },
): void {
  const scope = scopeOf(actor, action);
  const isInside =
    scope.all ||
    object.userId === scope.userId ||
    (object.teamId !== null && scope.teamIds.includes(object.teamId));
  if (!isInside) {
    throw new ConduitError("not_found", { message: `There is no such ${object.what}.` });
  }
}

/** The person behind an actor. Throws `permission_denied` (403) for a key or a token. */
export function requirePerson({ principal }: Actor): Person {
  if (principal.kind !== "user") {
    throw new ConduitError("permission_denied", { message: "Only a person can do this." });
  }
  return principal;
}
