import type {
  DeploymentCreate,
  DeploymentInfo,
  DeploymentQuery,
  DeploymentTestResult,
  DeploymentUpdate,
} from "#lib/contract/deployment.ts";
import { deleteBudgetsOf } from "#lib/db/budgets-list.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { deleteUnusedCredential } from "#lib/db/credentials.ts";
import {
  type DeploymentRow,
  type DeploymentValues,
  deleteDeployment,
  getDeployment,
  insertDeployment,
  listDeployments,
  updateDeployment,
} from "#lib/db/deployments.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { newId } from "#lib/ids.ts";
import { testDeployment } from "#lib/providers/connection-test.ts";
import { getHealth } from "#lib/routing/health.ts";
import type { Actor } from "./actor.ts";
import { describeInput, fieldsBefore } from "./audit-fields.ts";
import { keepCatchAll } from "./catch-all.ts";
import { applyChange } from "./change.ts";
import { storeCredential } from "./credential.ts";
import { assertDeployable, assertKeyMayMove } from "./deployment-rules.ts";
import { deploymentInfoOf } from "./deployment-view.ts";
import { assertSomeField, requireFound } from "./found.ts";

export async function showDeployments(
  query: DeploymentQuery,
): Promise<{ deployments: DeploymentInfo[]; total: number }> {
  const { rows, total } = await listDeployments(getDb("console"), {
    limit: query.limit,
    offset: query.offset,
    provider: query.provider,
    modelName: query.model_name,
    name: query.name,
    isActive: query.is_active,
  });
  return { deployments: rows.map(deploymentInfoOf), total };
}

export async function showDeployment(id: string): Promise<DeploymentInfo> {
  return deploymentInfoOf(await requireRow(getDb("console"), id));
}

async function requireRow(db: Db, id: string): Promise<DeploymentRow> {
  return requireFound(await getDeployment(db, { id }), "deployment");
}

function valuesOf(input: DeploymentUpdate): DeploymentValues {
  return {
    apiBase: input.api_base,
    modelName: input.model_name,
    priority: input.priority,
    weight: input.weight,
    isActive: input.is_active,
    timeoutMs: input.timeout_ms,
    maxRpm: input.max_rpm,
    maxTpm: input.max_tpm,
    tags: input.tags,
    settings: input.settings,
    inputPricePerMillionNanos: input.input_price_per_million_usd,
    outputPricePerMillionNanos: input.output_price_per_million_usd,
    allowDroppingUnsupportedFields: input.allow_dropping_unsupported_fields,
  };
}

export async function createDeployment(
  actor: Actor,
  input: DeploymentCreate,
): Promise<DeploymentInfo> {
  const { name, provider, model_name: modelName, api_key: apiKey } = input;
  const apiBase = input.api_base ?? null;
  const hasKey = typeof apiKey === "string";
  assertDeployable({ provider, apiBase, hasKey, settings: input.settings ?? {} });
  const id = newId();
  await applyChange(actor, async (tx) => {
    const credentialId = hasKey ? await storeCredential(tx, { provider, apiBase, apiKey }) : null;
    await insertDeployment(tx, {
      ...valuesOf(input),
      id,
      name,
      provider,
      modelName,
      credentialId,
    });
    await keepCatchAll(tx);
    return {
      result: undefined,
      kind: "deployment",
      subjectId: id,
      action: "deployment.create",
      after: describeInput(input),
    };
  });
  return await showDeployment(id);
}

export async function changeDeployment(
  actor: Actor,
  id: string,
  input: DeploymentUpdate,
): Promise<DeploymentInfo> {
  assertSomeField(input);
  await applyChange(actor, async (tx) => {
    const before = await requireRow(tx, id);
    const apiBase = input.api_base === undefined ? before.apiBase : input.api_base;
    const credentialId = await credentialAfter(tx, { before, apiBase, apiKey: input.api_key });
    assertDeployable({
      provider: before.provider,
      apiBase,
      hasKey: credentialId !== null,
      settings: input.settings ?? before.settings,
    });
    await updateDeployment(tx, { ...valuesOf(input), id, name: input.name, credentialId });
    if (before.credentialId !== null && before.credentialId !== credentialId) {
      await deleteUnusedCredential(tx, { id: before.credentialId });
    }
    await keepCatchAll(tx);
    return {
      result: undefined,
      kind: "deployment",
      subjectId: id,
      action: "deployment.update",
      before: fieldsBefore(deploymentInfoOf(before), input),
      after: describeInput(input),
    };
  });
  // What was learned of the old settings says nothing about the new ones.
  getHealth().forget(id);
  return await showDeployment(id);
}

/** The credential of a deployment after a change: a new one, none, or the old one where it was. */
async function credentialAfter(
  tx: Db,
  change: { before: DeploymentRow; apiBase: string | null; apiKey: string | null | undefined },
): Promise<string | null> {
  const { before, apiBase, apiKey } = change;
  if (typeof apiKey === "string") {
    assertDeployable({ ...before, apiBase, hasKey: true });
    return await storeCredential(tx, { provider: before.provider, apiBase, apiKey });
  }
  if (apiKey === undefined && before.credentialId !== null) {
    assertKeyMayMove(before.provider, { from: before.apiBase, to: apiBase });
    return before.credentialId;
  }
  return null;
}

export async function removeDeployment(actor: Actor, id: string): Promise<void> {
  await applyChange(actor, async (tx) => {
    const before = await requireRow(tx, id);
    await deleteBudgetsOf(tx, { subject: "deployment", subjectId: id });
    await deleteDeployment(tx, { id });
    if (before.credentialId !== null) {
      await deleteUnusedCredential(tx, { id: before.credentialId });
    }
    return {
      result: undefined,
      kind: "deployment",
      subjectId: id,
      action: "deployment.delete",
      before: { name: before.name, provider: before.provider, model_name: before.modelName },
    };
  });
  getHealth().forget(id);
}

/** Makes one tiny call through the code that serves requests, and says how it ended. */
export async function tryDeployment(id: string): Promise<DeploymentTestResult> {
  await requireRow(getDb("console"), id);
  const deployment = requireFound(currentSnapshot().deployments.get(id), "deployment");
  const result = await testDeployment(deployment);
  return {
    ok: result.ok,
    status: result.status,
    latency_ms: result.latencyMs,
    model: result.model ?? null,
    error: result.error ?? null,
  };
}
