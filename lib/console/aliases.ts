import type { AliasCreate, AliasInfo, AliasQuery, AliasUpdate } from "#lib/contract/alias.ts";
import { instantOf } from "#lib/contract/instants.ts";
import {
  type AliasMemberRow,
  type AliasRow,
  deleteAlias,
  getAlias,
  insertAlias,
  listAliases,
  listMembersOf,
  lockAlias,
  replaceMembers,
  updateAlias,
} from "#lib/db/aliases.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { newId } from "#lib/ids.ts";
import type { Actor } from "./actor.ts";
import { assertFallbacks, assertWeights, resolveMembers } from "./alias-rules.ts";
import { describeInput, fieldsBefore } from "./audit-fields.ts";
import { rememberRemoval } from "./catch-all.ts";
import { applyChange } from "./change.ts";
import { assertSomeField, requireFound } from "./found.ts";
import { assertFresh } from "./stale.ts";

/** Aliases are no secret: everybody who may read them at all reads all of them. */
export async function showAliases(
  _actor: Actor,
  query: AliasQuery,
): Promise<{ aliases: AliasInfo[]; total: number }> {
  const db = getDb("console");
  const { rows, total } = await listAliases(db, query);
  const members = await listMembersOf(db, { aliasIds: rows.map((row) => row.id) });
  const grouped = Map.groupBy(members, (member) => member.aliasId);
  return { aliases: rows.map((row) => infoOf(row, grouped.get(row.id) ?? [])), total };
}

export async function showAlias(_actor: Actor, name: string): Promise<AliasInfo> {
  return (await readAlias(getDb("console"), name)).info;
}

async function readAlias(db: Db, name: string): Promise<{ id: string; info: AliasInfo }> {
  const row = requireFound(await getAlias(db, { name }), "alias");
  return { id: row.id, info: infoOf(row, await listMembersOf(db, { aliasIds: [row.id] })) };
}

function infoOf(row: AliasRow, members: readonly AliasMemberRow[]): AliasInfo {
  return {
    name: row.name,
    strategy: row.strategy,
    max_attempts: row.maxAttempts,
    fallbacks: row.fallbacks,
    timeout_ms: row.timeoutMs,
    version: row.version,
    members: members.map((member) => ({
      deployment_id: member.deploymentId,
      deployment: member.deploymentName,
      is_active: member.isActive,
      priority: member.priority,
      weight: member.weight,
    })),
    created_at: instantOf(row.createdAt),
    updated_at: instantOf(row.updatedAt),
  };
}

export async function createAlias(actor: Actor, input: AliasCreate): Promise<AliasInfo> {
  const { name } = input;
  const id = newId();
  await applyChange(actor, async (tx) => {
    await insertAlias(tx, { id, name, ...valuesOf(input) });
    await saveRules(tx, { id, name, input, strategy: input.strategy ?? "priority" });
    return {
      result: undefined,
      kind: "alias",
      subjectId: id,
      action: "alias.create",
      after: describeInput(input),
    };
  });
  return await showAlias(actor, name);
}

function valuesOf(input: AliasUpdate) {
  return {
    strategy: input.strategy,
    maxAttempts: input.max_attempts,
    fallbacks: input.fallbacks,
    timeoutMs: input.timeout_ms,
  };
}

/** Members and fallbacks are checked against what the transaction sees, the new alias included. */
async function saveRules(
  tx: Db,
  alias: { id: string; name: string; input: AliasUpdate; strategy: AliasInfo["strategy"] },
): Promise<void> {
  const { id, name, input, strategy } = alias;
  if (input.fallbacks !== undefined) {
    await assertFallbacks(tx, { name, fallbacks: input.fallbacks });
  }
  if (input.members !== undefined) {
    await replaceMembers(tx, { aliasId: id, members: await resolveMembers(tx, input.members) });
  }
  assertWeights(strategy, await listMembersOf(tx, { aliasIds: [id] }));
}

export async function changeAlias(
  actor: Actor,
  name: string,
  input: AliasUpdate,
): Promise<AliasInfo> {
  const { expected_version: expected, ...fields } = input;
  assertSomeField(fields);
  await applyChange(actor, async (tx) => {
    await lockAlias(tx, { name });
    const { id, info } = await readAlias(tx, name);
    const { version } = info;
    await assertFresh(tx, { expected, version, kind: "alias", id, current: info });
    await updateAlias(tx, { id, ...valuesOf(input) });
    await saveRules(tx, { id, name, input, strategy: input.strategy ?? info.strategy });
    return {
      result: undefined,
      kind: "alias",
      subjectId: id,
      action: "alias.update",
      before: { name, ...fieldsBefore(info, fields) },
      after: { name, ...describeInput(fields) },
    };
  });
  return await showAlias(actor, name);
}

export async function removeAlias(actor: Actor, name: string): Promise<void> {
  await applyChange(actor, async (tx) => {
    const { id, info } = await readAlias(tx, name);
    await deleteAlias(tx, { id });
    await rememberRemoval(tx, name);
    return {
      result: undefined,
      kind: "alias",
      subjectId: id,
      action: "alias.delete",
      before: {
        name,
        strategy: info.strategy,
        members: info.members.map((each) => each.deployment),
      },
    };
  });
}
