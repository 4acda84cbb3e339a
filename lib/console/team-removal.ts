import type { TeamRemoval } from "#lib/contract/people.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { countLivingKeys, countRequestsSince, moveKeys, revokeKeysOf } from "#lib/db/ownership.ts";
import { deleteTeam, getTeam, type TeamRow } from "#lib/db/teams.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";
import { saveBudget } from "./budget-save.ts";
import { applyChange } from "./change.ts";
import { requireFound, requireNamed } from "./found.ts";
import { assertTeamLed } from "./team-reach.ts";

const HOUR_MS = 3_600_000;

/** What deleting a team would touch, counted now. */
export async function showTeamEffect(
  actor: Actor,
  id: string,
): Promise<{ key_count: number; requests_hour: number; member_count: number }> {
  assertTeamLed(actor, "team.delete", id);
  const db = getDb("console");
  const team = requireFound(await getTeam(db, { id }), "team");
  const owner = { teamId: id };
  return {
    key_count: await countLivingKeys(db, owner),
    requests_hour: await countRequestsSince(db, { owner, since: new Date(Date.now() - HOUR_MS) }),
    member_count: team.memberCount,
  };
}

/** Deletes a team after its keys were moved to another team or revoked; its members stay users. */
export async function deleteTeamWithKeys(actor: Actor, input: TeamRemoval): Promise<void> {
  assertTeamLed(actor, "team.delete", input.id);
  await applyChange(actor, async (tx) => {
    const team = requireFound(await getTeam(tx, { id: input.id }), "team");
    const at = new Date();
    const keys =
      input.keys === "move"
        ? { keys_moved: await moveTo(tx, team, { input, at }) }
        : { keys_revoked: await revokeKeysOf(tx, { owner: { teamId: team.id }, at }) };
    await saveBudget(tx, { subject: "team", subjectId: team.id }, { budget_limit_usd: null });
    await deleteTeam(tx, { id: team.id });
    return {
      result: undefined,
      kind: "team",
      subjectId: team.id,
      action: "team.delete",
      before: { name: team.name, member_count: team.memberCount },
      after: keys,
      teamId: team.id,
    };
  });
}

async function moveTo(
  tx: Db,
  team: TeamRow,
  { input, at }: { input: TeamRemoval; at: Date },
): Promise<number> {
  const param = "move_to";
  const to = input.move_to ?? undefined;
  if (to === undefined || to === team.id) {
    throw new ConduitError("invalid_value", {
      message: "Choose the team that takes the keys over.",
      param,
    });
  }
  const heir = requireNamed(await getTeam(tx, { id: to }), { param, what: "team" });
  return await moveKeys(tx, { from: team.id, to: heir.id, at });
}
