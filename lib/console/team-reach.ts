import type { Action } from "#lib/catalog/roles.ts";
import { ConduitError } from "#lib/errors.ts";
import { type Actor, assertWithinReach, scopeOf } from "./actor.ts";

/** The ids of the teams that an actor may see; `undefined` for all. A person sees those one is in. */
export function visibleTeams(actor: Actor): readonly string[] | undefined {
  const { principal } = actor;
  return principal.kind !== "user" || scopeOf(actor, "team.read").all
    ? undefined
    : principal.teams.map(({ id }) => id);
}

/** Throws `not_found` (404) for a team that the actor is not in. */
export function assertTeamVisible(actor: Actor, teamId: string): void {
  const visible = visibleTeams(actor);
  if (visible !== undefined && !visible.includes(teamId)) {
    throw new ConduitError("not_found", { message: "There is no such team." });
  }
}

/** Throws `not_found` (404) unless the actor reaches the team with an action, as its leader does. */
export function assertTeamLed(actor: Actor, action: Action, teamId: string): void {
  assertWithinReach(actor, action, { userId: null, teamId, what: "team" });
}
