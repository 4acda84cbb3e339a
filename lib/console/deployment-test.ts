import { resolveBaseUrl } from "#lib/catalog/base-url.ts";
import { getProvider } from "#lib/catalog/providers.ts";
import type { DeploymentTestResult } from "#lib/contract/deployment.ts";
import type {
  DeploymentDraft,
  DeploymentTestInput,
  TestEvent,
} from "#lib/contract/deployment-test.ts";
import type { Deployment, SecretValue } from "#lib/contract/snapshot.ts";
import { Secret } from "#lib/crypto.ts";
import { getDb } from "#lib/db/client.ts";
import { insertDeploymentCheck } from "#lib/db/deployment-checks.ts";
import { getDeployment } from "#lib/db/deployments.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { newId } from "#lib/ids.ts";
import {
  type DeploymentTest,
  type TestOptions,
  testDeployment,
} from "#lib/providers/connection-test.ts";
import type { Actor } from "./actor.ts";
import { assertDeployable, assertKeyMayMove } from "./deployment-rules.ts";
import { requireFound } from "./found.ts";

/** Makes one tiny call through the code that serves requests, and says how it ended. */
export async function tryDeployment(_actor: Actor, id: string): Promise<DeploymentTestResult> {
  const { ok, status, latencyMs, model, error, steps } = await testStored(id, {});
  return {
    ok,
    status,
    latency_ms: latencyMs,
    model: model ?? null,
    error: error ?? null,
    steps,
  };
}

/**
 * Runs the test that `prepareTest` has checked, and tells its steps as they end. Nothing of a draft
 * is stored, neither the deployment nor its key.
 */
type PreparedTest = (options: TestOptions) => Promise<DeploymentTest>;

/**
 * Everything that can be wrong with the question itself, before anything is sent: throws 400 naming
 * the field, and 404 for a deployment that does not exist.
 */
export async function prepareTest(
  _actor: Actor,
  { id, draft }: DeploymentTestInput,
): Promise<PreparedTest> {
  const stored = id === undefined ? undefined : await requireStored(id);
  if (draft === undefined) {
    return async (options) => await testStored(stored?.id ?? "", options);
  }
  const deployment = deploymentOfDraft(draft, stored, id);
  return async (options) => await testDeployment(deployment, options);
}

async function requireStored(id: string): Promise<{ id: string; apiBase: string | null }> {
  return requireFound(await getDeployment(getDb("console"), { id }), "deployment");
}

async function testStored(id: string, options: TestOptions): Promise<DeploymentTest> {
  await requireStored(id);
  const deployment = requireFound(currentSnapshot().deployments.get(id), "deployment");
  const result = await testDeployment(deployment, options);
  await insertDeploymentCheck(getDb("console"), {
    id: newId(),
    deploymentId: id,
    at: new Date(),
    ok: result.ok,
    durationMs: result.latencyMs,
    steps: result.steps,
  });
  return result;
}

/** The deployment that a form describes, with the key that was typed or may still be used. */
function deploymentOfDraft(
  draft: DeploymentDraft,
  stored: { id: string; apiBase: string | null } | undefined,
  id: string | undefined,
): Deployment {
  const { provider, settings = {}, api_base: apiBase = null } = draft;
  const apiKey = keyOfDraft(draft, stored);
  assertDeployable({ provider, apiBase, hasKey: apiKey !== null, settings });
  const row = getProvider(provider);
  return {
    id: id ?? newId(),
    name: "draft",
    provider,
    modelName: draft.model_name,
    apiBase: (row === undefined ? undefined : resolveBaseUrl(row, apiBase)) ?? "",
    apiKey,
    credentialId: null,
    priority: 1,
    weight: 100,
    isActive: true,
    timeoutMs: draft.timeout_ms ?? null,
    maxRpm: null,
    maxTpm: null,
    tags: [],
    settings,
    price: { state: "unpriced" },
    allowDroppingUnsupportedFields: false,
  };
}

function keyOfDraft(
  draft: DeploymentDraft,
  stored: { id: string; apiBase: string | null } | undefined,
): SecretValue | null {
  if (typeof draft.api_key === "string") {
    return new Secret(draft.api_key);
  }
  const kept = stored === undefined ? undefined : currentSnapshot().deployments.get(stored.id);
  if (draft.api_key === null || stored === undefined || !kept?.apiKey) {
    return null;
  }
  // A form must not carry a key to an address that its own admin never entered it for.
  assertKeyMayMove(kept.provider, { from: stored.apiBase, to: draft.api_base ?? null });
  return kept.provider === draft.provider ? kept.apiKey : null;
}

/** The test as lines of JSON, for a page that shows its steps as they come. */
export function streamTest(test: PreparedTest, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async start(controller) {
      const send = (event: TestEvent): void => {
        if (!signal.aborted) {
          controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
        }
      };
      const result = await test({ signal, onStep: (step) => send({ type: "step", step }) });
      const { ok, latencyMs, model = null } = result;
      send({ type: "result", ok, ms: latencyMs, model });
      if (!signal.aborted) {
        controller.close();
      }
    },
  });
}
