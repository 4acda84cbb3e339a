import type {
  DeploymentCreate,
  DeploymentInfo,
  DeploymentQuery,
  DeploymentUpdate,
} from "#lib/contract/deployment.ts";
import { deleteBudgetsOf } from "#lib/db/budgets-list.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { deleteUnusedCredential } from "#lib/db/credentials.ts";
import { deleteChecksOf } from "#lib/db/deployment-checks.ts";
import {
  type DeploymentRow,
  type DeploymentValues,
  deleteDeployment,
  getDeployment,
  insertDeployment,
  listDeployments,
  lockDeployment,
  updateDeployment,
} from "#lib/db/deployments.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { newId } from "#lib/ids.ts";
import { getHealth } from "#lib/routing/health.ts";
import type { Actor } from "./actor.ts";
import { describeInput, fieldsBefore } from "./audit-fields.ts";
import { keepCatchAll } from "./catch-all.ts";
import { applyChange } from "./change.ts";
import { storeCredential } from "./credential.ts";
import { assertDeployable, assertKeyMayMove } from "./deployment-rules.ts";
import { deploymentInfoFor, deploymentInfoOf } from "./deployment-view.ts";
import { assertSomeField, requireFound } from "./found.ts";
import { assertFresh } from "./stale.ts";

export async function showDeployments(
  actor: Actor,
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
  return { deployments: rows.map((row) => deploymentInfoFor(actor, row)), total };
}

export async function showDeployment(actor: Actor, id: string): Promise<DeploymentInfo> {
  return deploymentInfoFor(actor, await requireRow(getDb("console"), id));
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
  return await showDeployment(actor, id);
}

export async function changeDeployment(
  actor: Actor,
  id: string,
  input: DeploymentUpdate,
): Promise<DeploymentInfo> {
  const { expected_version: expected, ...fields } = input;
  assertSomeField(fields);
  await applyChange(actor, async (tx) => {
    const before = requireFound(await lockDeployment(tx, { id }), "deployment");
    const { version } = before;
    const current = deploymentInfoOf(before);
    await assertFresh(tx, { expected, version, kind: "deployment", id, current });
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
      before: fieldsBefore(current, fields),
      after: describeInput(fields),
    };
  });
  // What was learned of the old settings says nothing about the new ones.
  const changed = currentSnapshot().deployments.get(id);
  if (changed !== undefined) {
    getHealth().reset(changed, "its settings were changed");
  }
  return await showDeployment(actor, id);
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
    await deleteChecksOf(tx, { deploymentId: id });
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
