import type { Allowance } from "#lib/contract/overview.ts";
import { listBudgetsOf } from "#lib/db/budgets-list.ts";
import { getDb } from "#lib/db/client.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getTeam } from "#lib/db/teams.ts";
import { listModels } from "#lib/routing/models.ts";
import { type Actor, requirePerson } from "./actor.ts";
import { budgetUseOf } from "./budget-use.ts";
import { readLiveBudgets } from "./budget-view.ts";
import { publicUrl } from "./settings.ts";

/** What a person has left to spend, what they may ask for, and where. */
export async function showAllowance(actor: Actor): Promise<Allowance> {
  const { id, teams } = requirePerson(actor);
  const db = getDb("console");
  const rows = await listBudgetsOf(db, { subject: "user", subjectIds: [id] });
  const liveOf = await readLiveBudgets(rows);
  const budgets = rows.flatMap((row) => budgetUseOf(row, liveOf(row)) ?? []);
  const lists = await Promise.all(
    teams.map(async (team) => (await getTeam(db, { id: team.id }))?.allowedModels ?? null),
  );
  const models = listModels({ snapshot: currentSnapshot(), allowedModels: unionOf(lists) });
  const first = models.find(({ kind }) => kind === "alias") ?? models[0];
  return {
    budgets,
    models: models.map(({ name }) => name),
    model: first?.name ?? null,
    baseUrl: publicUrl(),
  };
}

/** Names that some team allows; `null` is every name, which is also what who has no team may ask. */
function unionOf(lists: readonly (readonly string[] | null)[]): ReadonlySet<string> | null {
  const named = lists.filter((list) => list !== null);
  return named.length < lists.length || lists.length === 0 ? null : new Set(named.flat());
}
