import {
  type PlaygroundContent,
  type PlaygroundModel,
  type PlaygroundScope,
  playgroundContent,
} from "#lib/contract/playground.ts";
import { getDb } from "#lib/db/client.ts";
import { deleteOldSnapshots, getSnapshot, insertSnapshot } from "#lib/db/playground-keys.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getTeam } from "#lib/db/teams.ts";
import { newId } from "#lib/ids.ts";
import { listModels } from "#lib/routing/models.ts";
import { type Actor, requirePerson } from "./actor.ts";
import { requireFound } from "./found.ts";
import { mayUseAlone, readPlaygroundBudget } from "./playground-grant.ts";

/** On whose accounts a person may try prompts, with the models and the money of each. */
export async function showPlaygroundScopes(actor: Actor): Promise<PlaygroundScope[]> {
  const person = requirePerson(actor);
  const db = getDb("console");
  const snapshot = currentSnapshot();
  const places = [
    ...(mayUseAlone(person) ? [{ id: null, name: "Personal playground" }] : []),
    ...person.teams.map(({ id, name }) => ({ id, name: `${name} playground` })),
  ];
  const scopes: PlaygroundScope[] = [];
  for (const { id, name } of places) {
    const team = id === null ? undefined : await getTeam(db, { id });
    const allowedModels = team?.allowedModels == null ? null : new Set(team.allowedModels);
    scopes.push({
      team_id: id,
      name,
      models: listModels({ snapshot, allowedModels }).toSorted(byKind),
      budget: await readPlaygroundBudget(db, { userId: person.id, teamId: id }),
    });
  }
  return scopes;
}

const KIND_ORDER = { alias: 0, model: 1, deployment: 2 } as const;

/** Aliases first: they are what an app would ask for. */
function byKind(one: PlaygroundModel, other: PlaygroundModel): number {
  return KIND_ORDER[one.kind] - KIND_ORDER[other.kind];
}

/** A person's newest snapshots; older ones go when another is kept. */
const MAX_SNAPSHOTS = 100;

/** Keeps a playground and gives the id to open it by. */
export async function saveSnapshot(
  actor: Actor,
  content: PlaygroundContent,
): Promise<{ id: string }> {
  const id = newId();
  const { id: userId } = requirePerson(actor);
  const db = getDb("console");
  await insertSnapshot(db, { id, userId, content });
  await deleteOldSnapshots(db, { userId, keep: MAX_SNAPSHOTS });
  return { id };
}

/** A playground that this person kept. Throws 404 for anybody else's. */
export async function showSnapshot(actor: Actor, id: string): Promise<PlaygroundContent> {
  const person = requirePerson(actor);
  const row = requireFound(
    await getSnapshot(getDb("console"), { id, userId: person.id }),
    "snapshot",
  );
  return playgroundContent.parse(row.content);
}
