import type { InvitedTeam } from "#lib/contract/invited-team.ts";
import { ConduitError } from "#lib/errors.ts";
import { type Actor, scopeOf } from "./actor.ts";

interface Given {
  role: "admin" | "member";
  teams: readonly InvitedTeam[];
}

/** Whether an actor may give somebody these roles: an administrator any, a team's own in that team. */
export function mayGive(actor: Actor, given: Given): boolean {
  const scope = scopeOf(actor, "user.invite");
  return scope.all || mayLeadersGive(scope.teamIds, given);
}

/** The same question about somebody of whom only the led teams are known. */
export function mayLeadersGive(ledTeamIds: readonly string[], given: Given): boolean {
  return (
    given.role === "member" &&
    given.teams.length > 0 &&
    given.teams.every(({ teamId }) => ledTeamIds.includes(teamId))
  );
}

/** Throws `invalid_value` (400) naming the field that asks for more than the actor may give. */
export function assertMayGive(actor: Actor, given: Given): void {
  if (mayGive(actor, given)) {
    return;
  }
  const isRole = given.role === "admin";
  throw new ConduitError("invalid_value", {
    message: isRole
      ? "Only an administrator can invite administrators."
      : "Choose at least one team, and only teams that you lead.",
    param: isRole ? "role" : "teams",
  });
}
