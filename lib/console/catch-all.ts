import { CATCH_ALL } from "#lib/contract/snapshot.ts";
import { getAlias, insertAlias, listMembersOf, replaceMembers } from "#lib/db/aliases.ts";
import type { Db } from "#lib/db/client.ts";
import { listActiveDeployments } from "#lib/db/deployment-names.ts";
import { getSetting, saveSetting } from "#lib/db/settings.ts";
import { getEnv } from "#lib/env.ts";
import { newId } from "#lib/ids.ts";

/** Set once an administrator has deleted the alias: it is not made again behind their back. */
const REMOVED = "catch_all_removed";

/**
 * In development the alias `*` leads to all active deployments, so that any model name gets an
 * answer from whatever was registered. Runs in the transaction of every write to a deployment;
 * does nothing in production. Members keep the priority and weight that they were given.
 */
export async function keepCatchAll(tx: Db): Promise<void> {
  if (getEnv().mode !== "development" || (await getSetting(tx, { key: REMOVED })) === true) {
    return;
  }
  const active = await listActiveDeployments(tx);
  const aliasId = await ensureAlias(tx, active.length > 0);
  if (aliasId === undefined) {
    return;
  }
  const present = await listMembersOf(tx, { aliasIds: [aliasId] });
  const given = new Map(present.map((member) => [member.deploymentId, member]));
  const members = active.map((member) => given.get(member.deploymentId) ?? member);
  await replaceMembers(tx, { aliasId, members });
}

async function ensureAlias(tx: Db, isWanted: boolean): Promise<string | undefined> {
  const alias = await getAlias(tx, { name: CATCH_ALL });
  if (alias !== undefined || !isWanted) {
    return alias?.id;
  }
  const id = newId();
  await insertAlias(tx, { id, name: CATCH_ALL });
  return id;
}

/** Remembers that the alias was deleted on purpose. */
export async function rememberRemoval(tx: Db, name: string): Promise<void> {
  if (name === CATCH_ALL) {
    await saveSetting(tx, { key: REMOVED, value: true });
  }
}
