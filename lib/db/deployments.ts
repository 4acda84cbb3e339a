import { and, asc, eq, sql } from "drizzle-orm";
import { deployments } from "#drizzle/schema/deployments.ts";
import { providerCredentials } from "#drizzle/schema/provider-credentials.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Db } from "./client.ts";

/** A deployment as the admin API sees one: of its credential only the last four characters. */
export interface DeploymentRow {
  id: string;
  name: string;
  provider: string;
  modelName: string;
  apiBase: string | null;
  credentialId: string | null;
  last4: string | null;
  priority: number;
  weight: number;
  isActive: boolean;
  timeoutMs: number | null;
  maxRpm: number | null;
  maxTpm: number | null;
  tags: string[];
  settings: Record<string, string | number | boolean>;
  inputPricePerMillionNanos: bigint | null;
  outputPricePerMillionNanos: bigint | null;
  allowDroppingUnsupportedFields: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** What a deployment is made or changed with; an absent field stays as it is. */
export interface DeploymentValues {
  name?: string | undefined;
  modelName?: string | undefined;
  apiBase?: string | null | undefined;
  credentialId?: string | null | undefined;
  priority?: number | undefined;
  weight?: number | undefined;
  isActive?: boolean | undefined;
  timeoutMs?: number | null | undefined;
  maxRpm?: number | null | undefined;
  maxTpm?: number | null | undefined;
  tags?: string[] | undefined;
  settings?: Record<string, string | number | boolean> | undefined;
  inputPricePerMillionNanos?: bigint | null | undefined;
  outputPricePerMillionNanos?: bigint | null | undefined;
  allowDroppingUnsupportedFields?: boolean | undefined;
}

const COLUMNS = {
  id: deployments.id,
  name: deployments.name,
  provider: deployments.provider,
  modelName: deployments.modelName,
  apiBase: deployments.apiBase,
  credentialId: deployments.credentialId,
  last4: providerCredentials.last4,
  priority: deployments.priority,
  weight: deployments.weight,
  isActive: deployments.isActive,
  timeoutMs: deployments.timeoutMs,
  maxRpm: deployments.maxRpm,
  maxTpm: deployments.maxTpm,
  tags: deployments.tags,
  settings: deployments.settings,
  inputPricePerMillionNanos: deployments.inputPricePerMillionNanos,
  outputPricePerMillionNanos: deployments.outputPricePerMillionNanos,
  allowDroppingUnsupportedFields: deployments.allowDroppingUnsupportedFields,
  version: deployments.version,
  createdAt: deployments.createdAt,
  updatedAt: deployments.updatedAt,
};

function selectDeployments(db: Db) {
  return db
    .select(COLUMNS)
    .from(deployments)
    .leftJoin(providerCredentials, eq(providerCredentials.id, deployments.credentialId));
}

export interface DeploymentFilter {
  limit: number;
  offset: number;
  provider?: string | undefined;
  modelName?: string | undefined;
  name?: string | undefined;
  isActive?: boolean | undefined;
}

export async function listDeployments(
  db: Db,
  filter: DeploymentFilter,
): Promise<Page<DeploymentRow>> {
  const { provider, modelName, name, isActive } = filter;
  const where = and(
    provider === undefined ? undefined : eq(deployments.provider, provider),
    modelName === undefined ? undefined : eq(deployments.modelName, modelName),
    name === undefined ? undefined : eq(deployments.name, name),
    isActive === undefined ? undefined : eq(deployments.isActive, isActive),
  );
  const rows = await selectDeployments(db)
    .where(where)
    .orderBy(asc(deployments.name))
    .limit(filter.limit)
    .offset(filter.offset);
  return { rows, total: await db.$count(deployments, where) };
}

export async function getDeployment(
  db: Db,
  params: { id: string },
): Promise<DeploymentRow | undefined> {
  const [row] = await selectDeployments(db).where(eq(deployments.id, params.id));
  return row;
}

/** `getDeployment` that keeps others from changing the row until the transaction ends. */
export async function lockDeployment(
  tx: Db,
  params: { id: string },
): Promise<DeploymentRow | undefined> {
  const [row] = await selectDeployments(tx)
    .where(eq(deployments.id, params.id))
    .for("update", { of: deployments });
  return row;
}

export async function insertDeployment(
  db: Db,
  params: { id: string; name: string; provider: string; modelName: string } & DeploymentValues,
): Promise<void> {
  await db.insert(deployments).values({
    ...valuesOf(params),
    id: params.id,
    name: params.name,
    provider: params.provider,
    modelName: params.modelName,
  });
}

export async function updateDeployment(
  db: Db,
  params: { id: string } & DeploymentValues,
): Promise<void> {
  await db
    .update(deployments)
    .set({
      ...valuesOf(params),
      version: sql`${deployments.version} + 1`,
      updatedAt: new Date(),
    })
    .where(eq(deployments.id, params.id));
}

export async function deleteDeployment(db: Db, params: { id: string }): Promise<void> {
  await db.delete(deployments).where(eq(deployments.id, params.id));
}

/** Columns one by one: nothing that a caller adds to the object reaches the table. */
function valuesOf(values: DeploymentValues) {
  return {
    name: values.name,
    modelName: values.modelName,
    apiBase: values.apiBase,
    credentialId: values.credentialId,
    priority: values.priority,
    weight: values.weight,
    isActive: values.isActive,
    timeoutMs: values.timeoutMs,
    maxRpm: values.maxRpm,
    maxTpm: values.maxTpm,
    tags: values.tags,
    settings: values.settings,
    inputPricePerMillionNanos: values.inputPricePerMillionNanos,
    outputPricePerMillionNanos: values.outputPricePerMillionNanos,
    allowDroppingUnsupportedFields: values.allowDroppingUnsupportedFields,
  };
}
