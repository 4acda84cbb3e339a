import type { Deployment } from "#lib/contract/snapshot.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { callUpstream } from "#lib/providers/call.ts";
import { collectTargets, resolveName } from "#lib/routing/group.ts";

const TIMEOUT_MS = 10_000;
const UNORDERED = { random: () => 0, latencyMsOf: () => undefined, costOf: () => undefined };

/**
 * The vector of a text by the first deployment that a name stands for, through the code that serves
 * requests; like the test of a deployment it is charged to nobody. Throws what the provider said,
 * and `upstream_malformed` for an answer without a vector.
 */
export async function readVector(model: string, text: string): Promise<readonly number[]> {
  const deployment = requireDeployment(model);
  const { answer } = await callUpstream({
    deployment,
    endpoint: "embeddings",
    request: { model: deployment.modelName, input: text, encoding_format: "float" },
    stream: false,
    keyId: "",
    requestId: newId(),
    created: Math.floor(Date.now() / 1000),
    via: "1.1 conduit",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = answer.kind === "whole" ? answer.body : {};
  const { data } = body as { data?: readonly { embedding?: unknown }[] };
  const vector = data?.[0]?.embedding;
  if (!Array.isArray(vector) || !vector.every((value) => Number.isFinite(value))) {
    throw new ConduitError("upstream_malformed", {
      message: "The embedding model's answer holds no vector.",
    });
  }
  return vector as number[];
}

function requireDeployment(model: string): Deployment {
  const snapshot = currentSnapshot();
  const resolved = resolveName(snapshot, model);
  const targets = resolved === undefined ? [] : collectTargets(snapshot, resolved.group, UNORDERED);
  const [first] = targets;
  if (first === undefined) {
    throw new ConduitError("invalid_value", {
      message: `No active deployment answers for the embedding model "${model}".`,
      param: "embedding_model",
    });
  }
  return first.deployment;
}
