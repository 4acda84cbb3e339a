import { desc, eq } from "drizzle-orm";
import { deploymentChecks } from "#drizzle/schema/deployment-checks.ts";
import type { TestStep } from "#lib/contract/deployment-test.ts";
import type { Db } from "./client.ts";

/** How a connection test of a stored deployment ended. */
export interface DeploymentCheckRow {
  deploymentId: string;
  at: Date;
  ok: boolean;
  durationMs: number;
  /** Steps are stored as they were told; a row written by another version may hold others. */
  steps: readonly TestStep[];
}

export async function insertDeploymentCheck(
  db: Db,
  check: DeploymentCheckRow & { id: string },
): Promise<void> {
  await db.insert(deploymentChecks).values({ ...check, steps: [...check.steps] });
}

/** The last check of every deployment that ever had one. */
export async function listLastChecks(db: Db): Promise<Map<string, DeploymentCheckRow>> {
  const rows = await db
    .selectDistinctOn([deploymentChecks.deploymentId])
    .from(deploymentChecks)
    .orderBy(deploymentChecks.deploymentId, desc(deploymentChecks.at));
  return new Map(rows.map((row) => [row.deploymentId, { ...row, steps: stepsOf(row.steps) }]));
}

/** The latest checks of one deployment, newest first. */
export async function listChecksOf(
  db: Db,
  params: { deploymentId: string; limit: number },
): Promise<DeploymentCheckRow[]> {
  const rows = await db
    .select()
    .from(deploymentChecks)
    .where(eq(deploymentChecks.deploymentId, params.deploymentId))
    .orderBy(desc(deploymentChecks.at))
    .limit(params.limit);
  return rows.map((row) => ({ ...row, steps: stepsOf(row.steps) }));
}

/** Deletes the checks of a deployment that is about to go. */
export async function deleteChecksOf(db: Db, params: { deploymentId: string }): Promise<void> {
  await db.delete(deploymentChecks).where(eq(deploymentChecks.deploymentId, params.deploymentId));
}

/** The column is written by `insertDeploymentCheck` alone. */
function stepsOf(steps: unknown): TestStep[] {
  return Array.isArray(steps) ? (steps as TestStep[]) : [];
}
