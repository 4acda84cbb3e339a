import type { AliasBoardRow, AliasChoices, AliasImpact } from "#lib/contract/alias-board.ts";
import { sharesOf } from "#lib/contract/share.ts";
import { CATCH_ALL } from "#lib/contract/snapshot.ts";
import { listKeysNaming } from "#lib/db/alias-keys.ts";
import { getDb } from "#lib/db/client.ts";
import { sumTrafficByAlias } from "#lib/db/deployment-usage.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getHealth } from "#lib/routing/health.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { showAlias, showAliases } from "./aliases.ts";
import { quarterSpan } from "./span.ts";

const MAX_ROWS = 200;
const HOURS = 24;

/** Every alias with its members' shares and circuits, and its last 24 hours. */
export async function showAliasBoard(actor: Actor): Promise<AliasBoardRow[]> {
  const { aliases } = await showAliases(actor, { limit: MAX_ROWS, offset: 0 });
  const traffic = await sumTrafficByAlias(getDb("console"), {
    ...quarterSpan(HOURS),
    scope: scopeOf(actor, "usage.read"),
  });
  return aliases.map((alias) => {
    const sums = traffic.get(alias.name);
    const shares = sharesOf(
      alias.strategy,
      alias.members.map((member) => ({ ...member, isActive: member.is_active })),
    );
    return {
      alias,
      members: alias.members.map((member, at) => ({
        deployment_id: member.deployment_id,
        deployment: member.deployment,
        is_active: member.is_active,
        share: shares[at] ?? null,
        circuit: getHealth().healthOf(member.deployment_id).state,
      })),
      requests_24h: sums?.requests ?? 0,
      error_rate_24h:
        sums === undefined || sums.requests === 0 ? null : sums.failed / sums.requests,
    };
  });
}

/** One row of the board; `undefined` for a name that is none. */
export async function findAliasRow(actor: Actor, name: string): Promise<AliasBoardRow | undefined> {
  const rows = await showAliasBoard(actor);
  return rows.find((row) => row.alias.name === name);
}

/** What deleting an alias would hit: keys that name it, and aliases that fall back to it. */
export async function showAliasImpact(actor: Actor, name: string): Promise<AliasImpact> {
  await showAlias(actor, name);
  const db = getDb("console");
  const traffic = await sumTrafficByAlias(db, {
    ...quarterSpan(HOURS),
    scope: scopeOf(actor, "alias.delete"),
  });
  return {
    requests_24h: traffic.get(name)?.requests ?? 0,
    keys: await listKeysNaming(db, { model: name }),
    aliases: [...currentSnapshot().aliases.values()]
      .filter((alias) => alias.fallbacks.includes(name))
      .map((alias) => alias.name),
  };
}

/** What an alias may be made of. */
export function showAliasChoices(_actor: Actor): AliasChoices {
  const { deployments, aliases } = currentSnapshot();
  const all = [...deployments.values()];
  const names = [
    ...[...aliases.keys()].filter((name) => name !== CATCH_ALL),
    ...all.flatMap(({ modelName, name }) => [modelName, name]),
  ];
  return {
    deployments: all
      .map(({ id, name, provider, modelName, isActive }) => ({
        id,
        name,
        provider,
        model_name: modelName,
        is_active: isActive,
        circuit: getHealth().healthOf(id).state,
      }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    names: [...new Set(names)],
  };
}
