import { asc, eq, inArray, or } from "drizzle-orm";
import { deployments } from "#drizzle/schema/deployments.ts";
import { isUuid } from "#lib/ids.ts";
import type { Db } from "./client.ts";

/** Deployments by name or id, whichever each of `keys` is. */
export async function findDeployments(
  db: Db,
  params: { keys: readonly string[] },
): Promise<{ id: string; name: string }[]> {
  const ids = params.keys.filter(isUuid);
  return await db
    .select({ id: deployments.id, name: deployments.name })
    .from(deployments)
    .where(
      or(
        inArray(deployments.name, [...params.keys]),
        ids.length === 0 ? undefined : inArray(deployments.id, ids),
      ),
    );
}

/** Which of some names are a deployment's name or model. */
export async function listKnownNames(
  db: Db,
  params: { names: readonly string[] },
): Promise<Set<string>> {
  const names = [...params.names];
  const rows = await db
    .select({ name: deployments.name, modelName: deployments.modelName })
    .from(deployments)
    .where(or(inArray(deployments.name, names), inArray(deployments.modelName, names)));
  return new Set(rows.flatMap((row) => [row.name, row.modelName]));
}

/** The active deployments, as members of an alias over all of them. */
export async function listActiveDeployments(
  db: Db,
): Promise<{ deploymentId: string; priority: number; weight: number }[]> {
  return await db
    .select({
      deploymentId: deployments.id,
      priority: deployments.priority,
      weight: deployments.weight,
    })
    .from(deployments)
    .where(eq(deployments.isActive, true))
    .orderBy(asc(deployments.createdAt), asc(deployments.id));
}
