import type { Caller } from "#lib/contract/caller.ts";
import type { VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import type { InferenceRequest } from "#lib/contract/inference-request.ts";
import type { AttemptRecord, CacheHitRecord, CacheResult } from "#lib/contract/record.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import type { Usage } from "#lib/contract/usage.ts";
import type { Admission, DeploymentTicket } from "#lib/limits/admit.ts";
import type { AnsweredBy, CacheTurn } from "./cache-turn.ts";
import type { Deadline } from "./deadline.ts";
import type { Endpoint } from "./endpoints/endpoint.ts";
import type { Exchange } from "./exchange.ts";
import type { Guard } from "./guard.ts";
import type { PayloadCapture } from "./payload.ts";
import type { FilledMessage } from "./request-texts.ts";

/**
 * What is known of one request so far. Each step of `handle` adds what it found out; the ending
 * reads it, however far the story came.
 */
export interface Story {
  readonly exchange: Exchange;
  readonly endpoint: Endpoint;
  caller: Caller | null;
  request: InferenceRequest | null;
  modelAsked: string;
  stream: boolean;
  tags: Readonly<Record<string, string>>;
  alias: string | null;
  /** The managed prompt that the messages were made from. */
  prompt: { name: string; version: number } | null;
  /** Messages of that prompt with the caller's values in them. */
  filled: readonly FilledMessage[];
  deadline: Deadline | null;
  admission: Admission | null;
  ticket: DeploymentTicket | null;
  /** What the request was expected to cost and to use at most; 0 when no limit asked for it. */
  estimateNanos: bigint;
  estimateTokens: number;
  estimateInputTokens: number;
  /** The target that answers; set as soon as one begins to. */
  deployment: Deployment | null;
  /** The target that was reading the request when the caller or the clock cut it. */
  cutTarget: Deployment | null;
  attempts: AttemptRecord[];
  /** What guardrails found so far. */
  verdicts: VerdictRecord[];
  /** `null` for a request that no guardrail applies to. */
  guard: Guard | null;
  /** Whether the guardrails that run before anything is sent have run, or there are none. */
  isScreened: boolean;
  cacheResult: CacheResult;
  /** Set once a stored answer is given. */
  cacheHit: CacheHitRecord | null;
  /** Whose answer was given where the request itself asked nobody. */
  answeredBy: AnsweredBy | null;
  /** `null` for a request that no cache looks at. */
  cacheTurn: CacheTurn | null;
  adjusted: Set<string>;
  usage: Usage | null;
  /** Text that a streamed answer has delivered, for when the upstream tells no usage. */
  deliveredText: string;
  /** What is kept of the content; `null` where nothing is. */
  payload: PayloadCapture | null;
  /** Whether a stream's head is on its way before any answer: the status is 200 whatever follows. */
  hasHead: boolean;
  /** Whether an answer's stream is on its way: what goes wrong from here on is an event of it. */
  hasBegun: boolean;
  /** `performance.now()` of the first content. */
  firstContentAt: number | null;
  /** Milliseconds spent waiting for upstreams. */
  upstreamMs: number;
  /** Milliseconds in the gateway itself, as told in the reply's headers. */
  overheadMs: number | null;
}

export function openStory(exchange: Exchange, endpoint: Endpoint): Story {
  return {
    exchange,
    endpoint,
    caller: null,
    request: null,
    modelAsked: "",
    stream: false,
    tags: {},
    alias: null,
    prompt: null,
    filled: [],
    deadline: null,
    admission: null,
    ticket: null,
    estimateNanos: 0n,
    estimateTokens: 0,
    estimateInputTokens: 0,
    deployment: null,
    cutTarget: null,
    attempts: [],
    verdicts: [],
    guard: null,
    isScreened: false,
    cacheResult: "BYPASS",
    cacheHit: null,
    answeredBy: null,
    cacheTurn: null,
    adjusted: new Set(),
    usage: null,
    deliveredText: "",
    payload: null,
    hasHead: false,
    hasBegun: false,
    firstContentAt: null,
    upstreamMs: 0,
    overheadMs: null,
  };
}

/** The request that `readRequest` has read; asked for only after it. */
export function requireRequest(story: Pick<Story, "request">): InferenceRequest {
  if (story.request === null) {
    throw new Error("The request was not read.");
  }
  return story.request;
}

/** Who is paid for this request: the target that answered, or that was cut before it could. */
export function targetOf(story: Story): Deployment | null {
  return story.deployment ?? story.cutTarget;
}
