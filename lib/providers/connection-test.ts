import { getProvider } from "#lib/catalog/providers.ts";
import type { Answer, EndpointName } from "#lib/contract/answer.ts";
import type { TestStep } from "#lib/contract/deployment-test.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { toConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { type Ask, callUpstream } from "./call.ts";
import { ConnectionSteps } from "./connection-steps.ts";
import { watchedDispatcher } from "./egress.ts";

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
  steps: TestStep[];
}

export interface TestOptions {
  /** Told of every step as it ends. */
  onStep?: (step: TestStep) => void;
  /** Ends the test early. */
  signal?: AbortSignal;
}

const TEST_TIMEOUT_MS = 30_000;

/**
 * Asks a deployment for a few tokens by the code that serves requests, past routing, limits and the
 * log: does its address answer, does it take the credential, does it know the model. The call is
 * given up as soon as the first token is there. Never throws.
 */
export async function testDeployment(
  deployment: Deployment,
  { onStep, signal }: TestOptions = {},
): Promise<DeploymentTest> {
  const steps = new ConnectionSteps(deployment, onStep ?? (() => undefined));
  const dispatcher = watchedDispatcher(steps);
  const limit = AbortSignal.timeout(TEST_TIMEOUT_MS);
  try {
    const { answer } = await callUpstream({
      ...questionOf(deployment),
      deployment,
      keyId: "",
      requestId: newId(),
      created: Math.floor(Date.now() / 1000),
      via: "1.1 conduit",
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      watch: {
        dispatcher,
        onStatus: () => steps.onStatus(),
        onRefusal: (body) => steps.onRefusal(body),
      },
    });
    steps.onAccepted();
    const model = await firstModelOf(answer);
    steps.onFirstToken();
    return {
      ok: true,
      status: 200,
      latencyMs: steps.elapsedMs(),
      ...(model === undefined ? {} : { model }),
      steps: steps.list,
    };
  } catch (thrown) {
    const error = toConduitError(thrown);
    steps.onFailure(error);
    return {
      ok: false,
      status: error.upstream?.status ?? null,
      latencyMs: steps.elapsedMs(),
      error: error.message,
      steps: steps.list,
    };
  } finally {
    await dispatcher?.destroy();
  }
}

/** Embedding models answer no chat; their names say what they are, and nothing else does. */
function questionOf(deployment: Deployment): Pick<Ask, "endpoint" | "request" | "stream"> {
  const { modelName: model, provider } = deployment;
  const served: readonly EndpointName[] = getProvider(provider)?.endpoints ?? ["chat"];
  if (/embed/i.test(model) || !served.includes("chat")) {
    return { endpoint: "embeddings", request: { model, input: "One word." }, stream: false };
  }
  const messages = [{ role: "user" as const, content: "Reply with one word." }];
  return { endpoint: "chat", request: { model, messages, stream: true }, stream: true };
}

/** Waits for the first event of an answer; gives the model that it names. */
async function firstModelOf(answer: Answer): Promise<string | undefined> {
  if (answer.kind === "whole") {
    const model = answer.body["model"];
    return typeof model === "string" ? model : undefined;
  }
  // Leaving the loop ends the call, so that a test costs no more than a few tokens.
  for await (const batch of answer.batches) {
    for (const { chunk } of batch.events) {
      if (chunk.choices.some((choice) => hasContent(choice.delta))) {
        return chunk.model;
      }
    }
  }
  return undefined;
}

function hasContent(delta: object | null | undefined): boolean {
  return Object.entries(delta ?? {}).some(
    ([name, value]) => name !== "role" && value !== null && value !== undefined && value !== "",
  );
}
