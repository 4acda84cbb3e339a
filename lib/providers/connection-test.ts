import type { Deployment } from "#lib/contract/snapshot.ts";
import { toConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { callUpstream } from "./call.ts";

/** What a connection test found. */
export interface DeploymentTest {
  ok: boolean;
  /** The upstream's status; `null` when it could not be reached. */
  status: number | null;
  latencyMs: number;
  /** The model as the upstream names it. */
  model?: string;
  /** Why it failed, in one sentence. */
  error?: string;
}

const TEST_TIMEOUT_MS = 30_000;

/**
 * Asks a deployment for a few tokens, past routing, limits and the log: does its address answer,
 * does it take the credential, does it know the model. Never throws.
 */
export async function testDeployment(deployment: Deployment): Promise<DeploymentTest> {
  const startedAt = performance.now();
  const elapsedMs = (): number => Math.round(performance.now() - startedAt);
  try {
    const { answer } = await callUpstream({
      deployment,
      endpoint: "chat",
      request: {
        model: deployment.modelName,
        messages: [{ role: "user", content: "Reply with one word." }],
      },
      stream: false,
      keyId: "",
      requestId: newId(),
      created: Math.floor(Date.now() / 1000),
      via: "1.1 conduit",
      signal: AbortSignal.timeout(TEST_TIMEOUT_MS),
    });
    const model = answer.kind === "whole" ? answer.body["model"] : undefined;
    return {
      ok: true,
      status: 200,
      latencyMs: elapsedMs(),
      ...(typeof model === "string" ? { model } : {}),
    };
  } catch (thrown) {
    const error = toConduitError(thrown);
    return {
      ok: false,
      status: error.upstream?.status ?? null,
      latencyMs: elapsedMs(),
      error: error.message,
    };
  }
}
