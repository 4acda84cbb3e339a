import type { WholeAnswer } from "#lib/contract/answer.ts";
import type { Caller } from "#lib/contract/caller.ts";
import type { InferenceRequest } from "#lib/contract/inference-request.ts";
import { ConduitError, toConduitError } from "#lib/errors.ts";
import { admitRequest } from "./admission.ts";
import { attempt } from "./attempt.ts";
import { openEnding } from "./ending.ts";
import type { Endpoint } from "./endpoints/endpoint.ts";
import { clientClosed, type Exchange, openExchange } from "./exchange.ts";
import { planRequest } from "./planning.ts";
import { openStory, type Story } from "./story.ts";

/** A request that the gateway itself makes to serve another one: an embedding, a judge's opinion. */
export interface InnerCall {
  endpoint: Endpoint;
  request: InferenceRequest;
  /** Stands in the log row as the tag `conduit.purpose`. */
  purpose: "guardrail" | "semantic_cache";
  /** Ends the call early; it always ends with the request that it serves. */
  signal?: AbortSignal;
}

/**
 * Takes an inner call the way of every request, from the plan on: it is routed, charged to the
 * budgets of the caller whom it serves, and leaves its own log row. It takes none of the caller's
 * rates and slots, is held by none of the caller's model lists, and no guardrail or cache looks at
 * it. Throws what an answer to a caller would have said.
 */
export async function askInner(parent: Story, call: InnerCall): Promise<WholeAnswer> {
  const story = openInnerStory(parent, call);
  const ending = openEnding(story);
  try {
    const plan = planRequest(story);
    await admitRequest(story, plan);
    ending.announce();
    const answer = await attempt(story, plan);
    if (answer.kind === "stream") {
      throw new ConduitError("internal_error", { message: "An inner call was answered in parts." });
    }
    story.usage = answer.usage ?? null;
    await ending.settle({ body: answer.body });
    return answer;
  } catch (thrown) {
    const error = toConduitError(thrown);
    await ending.fail(error);
    throw error;
  }
}

const INHERITED = new Set(["via", "x-conduit-session"]);

function openInnerStory(parent: Story, { endpoint, request, purpose, signal }: InnerCall): Story {
  const story = openStory(innerExchange(parent.exchange, signal), endpoint);
  story.caller = parent.caller === null ? null : relieved(parent.caller);
  story.request = request;
  story.modelAsked = typeof request.model === "string" ? request.model : "";
  story.tags = { ...parent.tags, "conduit.purpose": purpose };
  return story;
}

/** The caller with its budgets alone: what serves a request must not be refused for that request. */
function relieved(caller: Caller): Caller {
  const none = { rpm: null, tpm: null, maxParallel: null };
  return { ...caller, allowedModels: null, keyLimits: none, teamLimits: null };
}

function innerExchange(parent: Exchange, signal: AbortSignal | undefined): Exchange {
  const cut = new AbortController();
  const signals = signal === undefined ? [parent.signal] : [parent.signal, signal];
  for (const one of signals) {
    const end = (): void =>
      cut.abort(one === parent.signal ? parent.signal.reason : clientClosed());
    if (one.aborted) {
      end();
    } else {
      one.addEventListener("abort", end, { once: true, signal: cut.signal });
    }
  }
  return {
    ...openExchange(),
    // `via` goes on, so that a deployment that points back at the gateway ends here too.
    header: (name) => (INHERITED.has(name) ? parent.header(name) : undefined),
    readBody: () => Promise.reject(new Error("An inner call has no body.")),
    ip: parent.ip,
    cut,
    signal: cut.signal,
  };
}
