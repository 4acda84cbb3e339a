import type {
  BudgetLevel,
  BudgetNode,
  BudgetTree,
  BudgetTreeQuery,
  BudgetUse,
} from "#lib/contract/budget-tree.ts";
import { ORGANIZATION_ID } from "#lib/contract/caller.ts";
import type { Scope } from "#lib/contract/scope.ts";
import {
  type KeyNode,
  listKeyNodes,
  listLimitedPeople,
  listTeamNodes,
} from "#lib/db/budget-nodes.ts";
import { listBudgets } from "#lib/db/budgets-list.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { arrangeBudgets } from "./budget-arrange.ts";
import { budgetUseOf } from "./budget-use.ts";
import { readLiveBudgets } from "./budget-view.ts";

const KEYS_SHOWN = 1_000;
const LIMITS_READ = 10_000;

/** The limits that an actor may see, from the organisation down to single keys. */
export async function showBudgetTree(actor: Actor, query: BudgetTreeQuery): Promise<BudgetTree> {
  const db = getDb("console");
  const scope = scopeOf(actor, "budget.read");
  const filter = { scope, teamId: query.team };
  const keys = await listKeyNodes(db, { ...filter, limit: KEYS_SHOWN + 1 });
  const teams = scope.all || scope.teamIds.length > 0 ? await listTeamNodes(db, filter) : [];
  const people = query.team === undefined ? await listLimitedPeople(db, { scope }) : [];
  const useOf = await readUses(db, scope);
  const tree = new TreeBuilder(useOf);
  if (scope.all && query.team === undefined) {
    tree.addRoot();
  }
  for (const team of teams) {
    tree.addTeam(team);
  }
  for (const key of keys.slice(0, KEYS_SHOWN)) {
    tree.addKey(key);
  }
  for (const person of people) {
    tree.addPerson(person);
  }
  return { nodes: arrangeBudgets(tree.nodes(), query), is_cut: keys.length > KEYS_SHOWN };
}

type UseOf = (level: BudgetLevel, subjectId: string) => BudgetUse | null;

/** Only limits inside the scope are read, so that a group's name gives none of its figures away. */
async function readUses(db: Db, scope: Scope): Promise<UseOf> {
  const { rows } = await listBudgets(db, { scope, limit: LIMITS_READ, offset: 0 });
  const live = await readLiveBudgets(rows);
  const uses = new Map(
    rows.map((row) => [`${row.subject} ${row.subjectId}`, budgetUseOf(row, live(row)) ?? null]),
  );
  return (level, subjectId) => uses.get(`${level} ${subjectId}`) ?? null;
}

class TreeBuilder {
  readonly #nodes = new Map<string, BudgetNode>();
  readonly #findUse: UseOf;
  #root: string | null = null;

  constructor(findUse: UseOf) {
    this.#findUse = findUse;
  }

  nodes(): BudgetNode[] {
    return [...this.#nodes.values()];
  }

  addRoot(): void {
    const name = currentSettings().general.organisation_name;
    this.#root = this.#add(null, { level: "organization", subjectId: ORGANIZATION_ID, name });
  }

  addTeam(team: { id: string; name: string }): string {
    return this.#add(this.#root, { level: "team", subjectId: team.id, name: team.name });
  }

  addKey(key: KeyNode): void {
    const above = this.#groupOf(key);
    const owner = this.#add(above, { level: "user", subjectId: key.userId, name: key.userName });
    this.#add(owner, { level: "key", subjectId: key.id, name: key.name });
  }

  /** A person with a limit and without a key is in no group; others are there already. */
  addPerson(person: { id: string; name: string }): void {
    const nodes = this.nodes();
    if (!nodes.some(({ level, subject_id }) => level === "user" && subject_id === person.id)) {
      const none = this.#add(this.#root, NO_TEAM);
      this.#add(none, { level: "user", subjectId: person.id, name: person.name });
    }
  }

  #groupOf({ teamId, teamName }: KeyNode): string {
    const team = teamId === null ? NO_TEAM : teamOf(teamId, teamName);
    return this.#add(this.#root, team);
  }

  #add(
    parent: string | null,
    { level, subjectId, name }: { level: BudgetLevel; subjectId: string | null; name: string },
  ): string {
    const id = `${parent ?? ""}/${level}:${subjectId ?? "none"}`;
    if (!this.#nodes.has(id)) {
      const budget = subjectId === null ? null : this.#findUse(level, subjectId);
      this.#nodes.set(id, {
        id,
        parent,
        depth: parent === null ? 0 : (this.#nodes.get(parent)?.depth ?? 0) + 1,
        level,
        subject_id: subjectId,
        name,
        is_group: subjectId === null,
        budget,
      });
    }
    return id;
  }
}

const NO_TEAM = { level: "team", subjectId: null, name: "No team" } as const;

function teamOf(teamId: string, teamName: string | null) {
  return { level: "team", subjectId: teamId, name: teamName ?? "A deleted team" } as const;
}
