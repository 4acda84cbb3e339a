import { instantOf } from "#lib/contract/instants.ts";
import type { TeamCreate, TeamInfo, TeamQuery, TeamUpdate } from "#lib/contract/team.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import {
  deleteTeam,
  getTeam,
  insertTeam,
  listTeams,
  lockTeam,
  type TeamRow,
  type TeamValues,
  updateTeam,
} from "#lib/db/teams.ts";
import { newId } from "#lib/ids.ts";
import type { Actor } from "./actor.ts";
import { describeInput, fieldsBefore } from "./audit-fields.ts";
import { saveBudget } from "./budget-save.ts";
import { type BudgetFields, readBudgetFields, readStoredBudgetFields } from "./budget-view.ts";
import { applyChange } from "./change.ts";
import { assertSomeField, requireFound } from "./found.ts";
import { assertFresh } from "./stale.ts";
import { assertTeamLed, assertTeamVisible, visibleTeams } from "./team-reach.ts";

/** The teams that an actor may see: all, or those that the person is in. */
export async function showTeams(
  actor: Actor,
  query: TeamQuery,
): Promise<{ teams: TeamInfo[]; total: number }> {
  const db = getDb("console");
  const { rows, total } = await listTeams(db, { ...query, ids: visibleTeams(actor) });
  const budgetOf = await readBudgetFields(db, {
    subject: "team",
    subjectIds: rows.map((row) => row.id),
  });
  return { teams: rows.map((row) => infoOf(row, budgetOf(row.id))), total };
}

export async function showTeam(actor: Actor, id: string): Promise<TeamInfo> {
  assertTeamVisible(actor, id);
  const db = getDb("console");
  const row = requireFound(await getTeam(db, { id }), "team");
  const budgetOf = await readBudgetFields(db, { subject: "team", subjectIds: [id] });
  return infoOf(row, budgetOf(id));
}

function infoOf(row: TeamRow, budget: BudgetFields): TeamInfo {
  return {
    id: row.id,
    name: row.name,
    allowed_models: row.allowedModels,
    ...budget,
    rate_limit_rpm: row.rateLimitRpm,
    rate_limit_tpm: row.rateLimitTpm,
    max_parallel: row.maxParallel,
    payload_storage: row.payloadStorage,
    share_cache: row.shareCache,
    version: row.version,
    member_count: row.memberCount,
    created_at: instantOf(row.createdAt),
  };
}

function valuesOf(input: TeamUpdate): TeamValues {
  return {
    allowedModels: input.allowed_models,
    rateLimitRpm: input.rate_limit_rpm,
    rateLimitTpm: input.rate_limit_tpm,
    maxParallel: input.max_parallel,
    payloadStorage: input.payload_storage,
    shareCache: input.share_cache,
  };
}

export async function createTeam(actor: Actor, input: TeamCreate): Promise<TeamInfo> {
  const id = newId();
  await applyChange(actor, async (tx) => {
    await insertTeam(tx, { id, ...valuesOf(input), name: input.name });
    await saveBudget(tx, { subject: "team", subjectId: id }, input);
    return {
      result: undefined,
      kind: "team",
      subjectId: id,
      action: "team.create",
      after: describeInput(input),
      teamId: id,
    };
  });
  return await showTeam(actor, id);
}

/** Throws `conflict` (409) with the team as it is now for an edit of an older version. */
export async function changeTeam(actor: Actor, id: string, given: TeamUpdate): Promise<TeamInfo> {
  const { expected_version: expected, ...input } = given;
  assertSomeField(input);
  assertTeamLed(actor, "team.update", id);
  await applyChange(actor, async (tx) => {
    await lockTeam(tx, { id });
    const before = await readStored(tx, id);
    await assertFresh(tx, { expected, version: before.version, kind: "team", id, current: before });
    await updateTeam(tx, { id, ...valuesOf(input), name: input.name });
    await saveBudget(tx, { subject: "team", subjectId: id }, input);
    return {
      result: undefined,
      kind: "team",
      subjectId: id,
      action: "team.update",
      before: fieldsBefore(before, input),
      after: describeInput(input),
      teamId: id,
    };
  });
  return await showTeam(actor, id);
}

async function readStored(tx: Db, id: string): Promise<TeamInfo> {
  const row = requireFound(await getTeam(tx, { id }), "team");
  const budgetOf = await readStoredBudgetFields(tx, { subject: "team", subjectIds: [id] });
  return infoOf(row, budgetOf(id));
}

/** Ends a team: its keys are refused from now on, its members stay users. */
export async function removeTeam(actor: Actor, id: string): Promise<void> {
  assertTeamLed(actor, "team.delete", id);
  await applyChange(actor, async (tx) => {
    const before = await readStored(tx, id);
    await saveBudget(tx, { subject: "team", subjectId: id }, { budget_limit_usd: null });
    await deleteTeam(tx, { id });
    return {
      result: undefined,
      kind: "team",
      subjectId: id,
      action: "team.delete",
      before: { name: before.name, member_count: before.member_count },
      teamId: id,
    };
  });
}
