import { lookUpAnswer } from "#lib/cache/lookup.ts";
import type { CachePowers } from "#lib/cache/question.ts";
import { contentOfWhole, type Found, replayContent } from "#lib/cache/stored-answer.ts";
import type { Answer, WholeAnswer } from "#lib/contract/answer.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { ConduitError } from "#lib/errors.ts";
import type { RoutePlan } from "#lib/routing/plan.ts";
import { type Asked, questionOf } from "./cache-question.ts";
import { fly, landOf } from "./coalescing.ts";
import { embeddings } from "./endpoints/embeddings.ts";
import { isStorable } from "./guard.ts";
import { askInner } from "./inner-call.ts";
import { copyStream, restoreCarried } from "./keeping.ts";
import { requireRequest, type Story } from "./story.ts";

/**
 * Have we answered this before: the stored answer, or that of an identical request which is being
 * answered at this moment, or nothing. Throws `cache_miss` (504) to a caller who wants no other.
 */
export async function lookUp(story: Story, plan: RoutePlan): Promise<Answer | undefined> {
  const asked = questionOf(story, plan);
  if (asked === undefined) {
    assertMayAsk(story);
    return undefined;
  }
  const { question, isCached, isShared } = asked;
  const powers = powersOf(story);
  story.cacheTurn = {
    question,
    powers,
    keeps: isCached && !question.control.noStore,
    content: null,
    flight: null,
    hasLeft: () => false,
  };
  if (isCached && !question.control.noCache) {
    story.cacheResult = "MISS";
    const found = await lookUpAnswer(question, powers);
    if (found !== undefined) {
      return give(story, plan, found);
    }
  }
  assertMayAsk(story, asked);
  return isShared ? await fly(story, plan) : undefined;
}

/** The answer, kept for the next who asks once it is complete, and shared with those who wait. */
export function remember(story: Story, answer: Answer): Answer {
  const { cacheTurn: turn } = story;
  if (turn === null || story.cacheHit !== null || !(turn.keeps || turn.flight !== null)) {
    return answer;
  }
  if (answer.kind === "whole") {
    if (turn.flight === null && isTooLarge(answer)) {
      return answer;
    }
    turn.content = contentOfWhole(answer);
    turn.flight?.land(landOf(story), turn.content);
    return answer;
  }
  const shared = turn.flight?.landStream(landOf(story), answer.batches) ?? answer;
  return turn.keeps ? { kind: "stream", batches: copyStream(turn, shared.batches) } : shared;
}

/** What would not be kept is not copied to find that out. */
function isTooLarge({ raw }: WholeAnswer): boolean {
  return (raw?.byteLength ?? 0) > currentSettings().cache.max_entry_kib * 1024;
}

function give(story: Story, plan: RoutePlan, { answer, similarity }: Found): Answer {
  const { sourceId, costNanos, deploymentName, provider, model } = answer;
  story.cacheResult = similarity === null ? "HIT" : "SEMANTIC";
  story.cacheHit = { sourceId, savedNanos: costNanos, similarity };
  story.answeredBy = { deploymentName, provider, model, pricedAt: null };
  story.adjusted = new Set([...plan.adjusted, ...answer.adjusted]);
  restoreCarried(story.caller?.keyId ?? "", answer);
  return replayContent(answer.content);
}

/** `only-if-cached` also ends a request that no cache looks at: nothing stored can answer it. */
function assertMayAsk({ exchange }: Story, asked?: Asked): void {
  const isOnly = asked?.question.control.onlyIfCached ?? wantsOnlyCached(exchange);
  if (isOnly) {
    throw new ConduitError("cache_miss", {
      message: "No stored answer fits this request, and 'x-conduit-cache' asks for no other.",
      param: "x-conduit-cache",
    });
  }
}

function wantsOnlyCached({ header }: Story["exchange"]): boolean {
  return header("x-conduit-cache")?.toLowerCase().includes("only-if-cached") === true;
}

/** What takes longer than this to be looked up is faster asked. */
const EMBED_MS = 2000;

/** Vectors and fresh answers come from the gateway itself, each with a log row of its own. */
function powersOf(story: Story): CachePowers {
  return {
    requestId: story.exchange.id,
    async embed(text) {
      const model = currentSettings().cache.embedding_model;
      if (model === null) {
        throw new ConduitError("invalid_value", { message: "No embedding model is set." });
      }
      if (!isStorable(story)) {
        // Without a vector the question is neither looked up by its meaning nor noted anywhere.
        throw new ConduitError("content_blocked", {
          message: "What a guardrail could not read is sent to no embedding model.",
        });
      }
      const limit = AbortSignal.timeout(EMBED_MS);
      const { body } = await askInner(story, {
        endpoint: embeddings,
        request: { model, input: text, encoding_format: "float" },
        purpose: "semantic_cache",
        signal: limit,
      }).catch((error: unknown) => {
        throw limit.aborted && !story.exchange.signal.aborted ? tooSlow() : error;
      });
      return vectorIn(body);
    },
    async askAnew() {
      const { stream: _stream, stream_options: _options, ...request } = requireRequest(story);
      const { endpoint } = story;
      return contentOfWhole(
        await askInner(story, { endpoint, request, purpose: "semantic_cache" }),
      );
    },
  };
}

function tooSlow(): ConduitError {
  return new ConduitError("upstream_timeout", {
    message: `It gave no vector within ${EMBED_MS / 1000} s.`,
    upstream: { kind: "timeout" },
  });
}

function vectorIn(body: Record<string, unknown>): readonly number[] {
  const { data } = body as { data?: readonly { embedding?: unknown }[] };
  const vector = data?.[0]?.embedding;
  if (!Array.isArray(vector) || !vector.every((value) => Number.isFinite(value))) {
    throw new ConduitError("upstream_malformed", {
      message: "The embedding model's answer holds no vector.",
    });
  }
  return vector as number[];
}
