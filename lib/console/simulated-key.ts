import { ORGANIZATION_ID } from "#lib/contract/caller.ts";
import { getApiKey } from "#lib/db/api-key-admin.ts";
import { listBudgetsOf } from "#lib/db/budgets-list.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { getTeam } from "#lib/db/teams.ts";
import { requireNamed } from "./found.ts";

/** What a key brings into the plan of a request. */
export interface SimulatedKey {
  /** What it may ask for, its team's list included; `null` is everything. */
  allowedModels: ReadonlySet<string> | null;
  /** Whether it counts against a budget: then nobody without a price is asked. */
  hasBudget: boolean;
}

/** The key of a dry run; without one, everything is allowed. Throws 400 for one that is none. */
export async function readSimulatedKey(keyId: string | undefined): Promise<SimulatedKey> {
  if (keyId === undefined) {
    return { allowedModels: null, hasBudget: false };
  }
  const db = getDb("console");
  const key = requireNamed(await getApiKey(db, { id: keyId }), { param: "key_id", what: "key" });
  const team = key.teamId === null ? undefined : await getTeam(db, { id: key.teamId });
  const own = key.allowedModels === null ? null : new Set(key.allowedModels);
  const shared = team?.allowedModels ? new Set(team.allowedModels) : null;
  return {
    allowedModels: own !== null && shared !== null ? own.intersection(shared) : (own ?? shared),
    hasBudget: await hasBudget(db, { keyId, userId: key.userId, teamId: key.teamId }),
  };
}

async function hasBudget(
  db: Db,
  { keyId, userId, teamId }: { keyId: string; userId: string; teamId: string | null },
): Promise<boolean> {
  const rows = [
    await listBudgetsOf(db, { subject: "key", subjectIds: [keyId] }),
    await listBudgetsOf(db, { subject: "user", subjectIds: [userId] }),
    await listBudgetsOf(db, { subject: "team", subjectIds: teamId === null ? [] : [teamId] }),
    await listBudgetsOf(db, { subject: "organization", subjectIds: [ORGANIZATION_ID] }),
  ];
  return rows.flat().some((row) => row.limitNanos !== null);
}
