import { z } from "zod";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { ConduitError } from "#lib/errors.ts";
import type { RulePowers } from "#lib/guardrails/define-rule.ts";
import type { CheckTools } from "#lib/guardrails/run-rule.ts";
import { newId } from "#lib/ids.ts";
import { estimateTokens } from "#lib/ledger/token-count.ts";
import { type Ask, callUpstream } from "#lib/providers/call.ts";
import { postJson } from "#lib/providers/guarded-post.ts";
import { getHealth } from "#lib/routing/health.ts";
import { planRoute } from "#lib/routing/plan.ts";

/** Why a check could not be made: whoever tries it out may not have others asked. */
export class AskRefused extends Error {}

/**
 * What checks may use when somebody tries a rule out. `signal` ends the checks that ask others; where
 * others may not be asked, a check that would gets an `AskRefused`.
 */
export function openTrialTools(signal: AbortSignal, { mayAsk }: { mayAsk: boolean }): CheckTools {
  const powersFor = mayAsk ? powersOf : () => NO_POWERS;
  return { powersFor, signal, countTokens: estimateTokens };
}

const refuse = (): Promise<never> =>
  Promise.reject(
    new AskRefused("It asks a model or a service, which only those who may set rules can try."),
  );
const NO_POWERS: RulePowers = { ask: refuse, moderate: refuse, post: refuse };

/**
 * The powers of a trial: other services are asked by the code that asks them for requests, and
 * models through the providers' door, past limits and the log. Nothing of it is anybody's traffic.
 */
function powersOf(signal: AbortSignal): RulePowers {
  return {
    ask: async ({ model, system, user }) => {
      const messages = [
        { role: "system" as const, content: system },
        { role: "user" as const, content: user },
      ];
      const body = await askModel({ endpoint: "chat", request: { model, messages }, signal });
      const { data } = chatAnswer.safeParse(body);
      return requireAnswered(
        data?.choices[0]?.message.content,
        "The model answered without any text.",
      );
    },
    moderate: async ({ model, texts }) => {
      const request = { model, input: [...texts] };
      const body = await askModel({ endpoint: "moderations", request, signal });
      const { data } = moderationAnswer.safeParse(body);
      const isWhole = data?.results.length === texts.length;
      const scores = isWhole ? data.results.map((each) => each.category_scores) : undefined;
      return requireAnswered(scores, "The moderation model did not answer for every text.");
    },
    post: postJson,
  };
}

const chatAnswer = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })),
});

const moderationAnswer = z.object({
  results: z.array(z.object({ category_scores: z.record(z.string(), z.number()) })),
});

function requireAnswered<Value>(value: Value | null | undefined, otherwise: string): Value {
  if (value === null || value === undefined) {
    throw new Error(otherwise);
  }
  return value;
}

/** Asks the deployment that a request for this name would be sent to first. */
async function askModel(
  question: Pick<Ask, "endpoint" | "request" | "signal">,
): Promise<Record<string, unknown>> {
  const { answer } = await callUpstream({
    ...question,
    deployment: firstFor(question.request.model),
    stream: false,
    keyId: "",
    requestId: newId(),
    created: Math.floor(Date.now() / 1000),
    via: "1.1 conduit",
  });
  if (answer.kind === "stream") {
    throw new ConduitError("internal_error", { message: "A whole answer came in parts." });
  }
  return answer.body;
}

function firstFor(model: string): Deployment {
  const health = getHealth();
  const { targets } = planRoute({
    snapshot: currentSnapshot(),
    model,
    allowedModels: null,
    random: Math.random,
    latencyMsOf: (deployment) => health.latencyMsOf(deployment),
    costOf: () => undefined,
  });
  const ready = targets.find(({ deployment }) => health.isReady(deployment)) ?? targets[0];
  if (ready === undefined) {
    throw new ConduitError("no_healthy_upstream", { message: `Nobody answers for ${model}.` });
  }
  return ready.deployment;
}
