import { CATCH_ALL } from "#lib/contract/snapshot.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";

/**
 * Models without a price among those that a list of names leads to; `null` is every name. Under a
 * limit requests to them are refused, because nobody can say what they cost.
 */
export function listUnpricedModels(allowedModels: readonly string[] | null): string[] {
  const snapshot = currentSnapshot();
  const isEvery = allowedModels === null || allowedModels.includes(CATCH_ALL);
  const reached = new Set(
    (allowedModels ?? []).flatMap(
      (name) => snapshot.aliases.get(name)?.members.map(({ deploymentId }) => deploymentId) ?? [],
    ),
  );
  const models = [...snapshot.deployments.values()]
    .filter(({ isActive, price }) => isActive && price.state === "unpriced")
    .filter(
      ({ id, name, modelName }) =>
        isEvery ||
        reached.has(id) ||
        allowedModels?.includes(name) === true ||
        allowedModels?.includes(modelName) === true,
    )
    .map(({ modelName }) => modelName);
  return [...new Set(models)].sort();
}
