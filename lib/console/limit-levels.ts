import { ORGANIZATION_ID } from "#lib/contract/caller.ts";
import type { KeyLevels, LimitLevel } from "#lib/contract/effective-limit.ts";
import { getApiKey } from "#lib/db/api-key-admin.ts";
import { type BudgetRow, listBudgetsOf } from "#lib/db/budgets-list.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { getMember } from "#lib/db/members.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { getTeam } from "#lib/db/teams.ts";
import { getUser } from "#lib/db/users.ts";
import { ConduitError } from "#lib/errors.ts";
import { formatUsd } from "#lib/money.ts";
import { type Actor, assertWithinReach, ledTeams, scopeOf } from "./actor.ts";
import { raiseOf, readLiveBudgets, resetsAt } from "./budget-view.ts";
import { requireFound } from "./found.ts";

/** Whose limits are asked for: those of a key, or those that a key of this owner and team would have. */
interface Subjects {
  keyId?: string | undefined;
  ownerId: string;
  teamId: string | null;
}

/** The limits that a key counts against, its own first. */
export async function showKeyLevels(actor: Actor, id: string): Promise<KeyLevels> {
  const db = getDb("console");
  const row = requireFound(await getApiKey(db, { id }), "key");
  assertWithinReach(actor, "key.read", { ...row, what: "key" });
  return await levelsOf(db, { keyId: id, ownerId: row.userId, teamId: row.teamId });
}

/**
 * The limits that a new key would count against beside its own. Who makes keys for others may ask
 * for the members of the teams they lead, everybody for themselves in their own teams.
 */
export async function showNewKeyLevels(
  actor: Actor,
  key: { ownerId: string; teamId: string | null },
): Promise<KeyLevels> {
  const db = getDb("console");
  if (!(await mayAskFor(db, actor, key))) {
    throw new ConduitError("not_found", { message: "There is no such owner or team." });
  }
  return await levelsOf(db, key);
}

async function mayAskFor(
  db: Db,
  actor: Actor,
  { ownerId, teamId }: { ownerId: string; teamId: string | null },
): Promise<boolean> {
  const { principal } = actor;
  if (principal.kind !== "user" || scopeOf(actor, "key.create").all) {
    return true;
  }
  const isOwnTeam = teamId === null || principal.teams.some(({ id }) => id === teamId);
  if (ownerId === principal.id) {
    return isOwnTeam;
  }
  return (
    teamId !== null &&
    ledTeams(principal).includes(teamId) &&
    (await getMember(db, { teamId, userId: ownerId })) !== undefined
  );
}

async function levelsOf(db: Db, subjects: Subjects): Promise<KeyLevels> {
  const { keyId, ownerId, teamId } = subjects;
  const team = teamId === null ? undefined : await getTeam(db, { id: teamId });
  const owner = requireFound(await getUser(db, { id: ownerId }), "user");
  const named: [LimitLevel["subject"], string | null | undefined, string][] = [
    ["key", keyId, "this key"],
    ["user", ownerId, owner.name ?? owner.email],
    ["team", teamId, team?.name ?? ""],
    ["organization", ORGANIZATION_ID, currentSettings().general.organisation_name],
  ];
  const found: { row: BudgetRow; subject: LimitLevel["subject"]; name: string }[] = [];
  for (const [subject, id, name] of named) {
    const rows = id == null ? [] : await listBudgetsOf(db, { subject, subjectIds: [id] });
    found.push(...rows.map((row) => ({ row, subject, name })));
  }
  const limited = found.filter(({ row }) => row.limitNanos !== null);
  const live = await readLiveBudgets(limited.map(({ row }) => row));
  return {
    levels: limited.map(({ row, subject, name }): LimitLevel => {
      const { spentNanos, reservedNanos } = live(row);
      const most = (row.limitNanos ?? 0n) + raiseOf(row);
      const left = most - spentNanos - reservedNanos;
      return {
        subject,
        name,
        limit_usd: formatUsd(most),
        remaining_usd: formatUsd(left > 0n ? left : 0n),
        period: row.period,
        resets_at: resetsAt(row.period),
      };
    }),
    team:
      team === undefined
        ? null
        : {
            name: team.name,
            allowed_models: team.allowedModels,
            rate_limit_rpm: team.rateLimitRpm,
            rate_limit_tpm: team.rateLimitTpm,
            max_parallel: team.maxParallel,
          },
  };
}
