import type { AliasCreate, AliasInfo } from "#lib/contract/alias.ts";
import { listFallbacks, type MemberValues } from "#lib/db/aliases.ts";
import type { Db } from "#lib/db/client.ts";
import { findDeployments, listKnownNames } from "#lib/db/deployment-names.ts";
import { ConduitError } from "#lib/errors.ts";
import { requireNamed } from "./found.ts";

/** The deployments that members name, by name or id. Throws 400 for an unknown or a repeated one. */
export async function resolveMembers(
  tx: Db,
  members: AliasCreate["members"],
): Promise<MemberValues[]> {
  const found = await findDeployments(tx, { keys: members.map((member) => member.deployment) });
  const seen = new Set<string>();
  return members.map((member, index) => {
    const param = `members[${index}].deployment`;
    const match = found.find(
      (each) => each.name === member.deployment || each.id === member.deployment.toLowerCase(),
    );
    const { id } = requireNamed(match, { param, what: "deployment" });
    if (seen.has(id)) {
      throw new ConduitError("invalid_value", {
        message: `'${param}' is in the list already.`,
        param,
      });
    }
    seen.add(id);
    return { deploymentId: id, priority: member.priority, weight: member.weight };
  });
}

/** Throws 400 when a weighted alias could never choose anybody. */
export function assertWeights(
  strategy: AliasInfo["strategy"],
  members: readonly { weight: number }[],
): void {
  const total = members.reduce((sum, member) => sum + member.weight, 0);
  if (strategy === "weighted" && members.length > 0 && total === 0) {
    throw new ConduitError("invalid_value", {
      message: "'members' has no weight at all, which the strategy 'weighted' goes by.",
      param: "members",
    });
  }
}

/** Throws 400 for a fallback that names nothing, and for one that leads back to the alias. */
export async function assertFallbacks(
  tx: Db,
  alias: { name: string; fallbacks: readonly string[] },
): Promise<void> {
  if (alias.fallbacks.length === 0) {
    return;
  }
  const chains = await listFallbacks(tx);
  const known = await listKnownNames(tx, { names: alias.fallbacks });
  for (const [index, name] of alias.fallbacks.entries()) {
    const param = `fallbacks[${index}]`;
    const isKnown = chains.has(name) || known.has(name);
    requireNamed(isKnown ? name : undefined, { param, what: "alias, model or deployment" });
    if (leadsTo(chains, { from: name, to: alias.name })) {
      throw new ConduitError("invalid_value", {
        message: `'${param}' leads back to '${alias.name}'.`,
        param,
      });
    }
  }
}

/** Whether following fallbacks from one alias arrives at another. */
function leadsTo(
  chains: ReadonlyMap<string, readonly string[]>,
  { from, to }: { from: string; to: string },
): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) {
      return true;
    }
    if (!seen.has(name)) {
      seen.add(name);
      open.push(...(chains.get(name) ?? []));
    }
  }
  return false;
}
