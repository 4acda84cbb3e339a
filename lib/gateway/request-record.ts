import type { Caller } from "#lib/contract/caller.ts";
import type { AttemptRecord, Outcome, RequestRecord } from "#lib/contract/record.ts";
import type { Usage } from "#lib/contract/usage.ts";
import type { ConduitError } from "#lib/errors.ts";
import type { PricedUsage } from "#lib/ledger/price.ts";
import { type Story, targetOf } from "./story.ts";

const MAX_HEADER_LENGTH = 256;

export interface RecordFacts {
  story: Story;
  caller: Caller;
  end: { outcome: Outcome; status: number; error?: ConduitError };
  usage: Usage;
  estimated: boolean;
  priced: PricedUsage | undefined;
}

/** The log row of a request that has ended. Pure but for the clock. */
export function recordOf(facts: RecordFacts): RequestRecord {
  const { story, caller, end, usage, estimated, priced } = facts;
  const { exchange } = story;
  const latencyMs = performance.now() - exchange.startedAt;
  const costNanos = priced?.costNanos ?? 0n;
  return {
    id: exchange.id,
    keyId: caller.keyId,
    userId: caller.userId,
    teamId: caller.teamId,
    dialect: "openai",
    endpoint: story.endpoint.name,
    modelAsked: story.modelAsked,
    alias: story.alias,
    ...namesOf(story),
    status: end.status,
    outcome: end.outcome,
    errorCode: end.error?.code ?? null,
    errorMessage: end.error?.message ?? null,
    usage,
    estimated,
    costNanos,
    priceSnapshot: priced?.snapshot ?? null,
    priceState: priced?.state ?? "none",
    ...timesOf(story, latencyMs),
    attempts: attemptsOf(story, costNanos, latencyMs),
    stream: story.stream,
    cacheResult: story.cacheResult,
    cacheHit: story.cacheHit,
    verdicts: story.verdicts,
    prompt: story.prompt,
    adjusted: [...story.adjusted],
    tags: story.tags,
    session: headerOf(story, "x-conduit-session"),
    ip: exchange.ip,
    userAgent: headerOf(story, "user-agent"),
    reservation: story.admission?.reservation ?? null,
  };
}

/** A stored answer has a model, but no deployment was asked for it: its traffic is none of theirs. */
function namesOf(
  story: Story,
): Pick<RequestRecord, "deploymentId" | "deploymentName" | "provider" | "model"> {
  const deployment = targetOf(story);
  const { provider = null, model = null } = story.answeredBy ?? {};
  return deployment === null
    ? { deploymentId: null, deploymentName: null, provider, model }
    : {
        deploymentId: deployment.id,
        deploymentName: deployment.name,
        provider: deployment.provider,
        model: deployment.modelName,
      };
}

function timesOf(
  { exchange, firstContentAt, overheadMs, upstreamMs }: Story,
  latencyMs: number,
): Pick<RequestRecord, "latencyMs" | "ttftMs" | "overheadMs"> {
  return {
    latencyMs: hundredths(latencyMs),
    ttftMs: firstContentAt === null ? null : hundredths(firstContentAt - exchange.startedAt),
    overheadMs: hundredths(Math.max(0, overheadMs ?? latencyMs - upstreamMs)),
  };
}

function headerOf({ exchange }: Story, name: string): string | null {
  return exchange.header(name)?.slice(0, MAX_HEADER_LENGTH) ?? null;
}

/** The attempt that answered bears the cost and lasted until the answer's end. */
function attemptsOf(story: Story, costNanos: bigint, latencyMs: number): AttemptRecord[] {
  const last = story.attempts.at(-1);
  if (last === undefined || targetOf(story) === null) {
    return story.attempts;
  }
  const endedAtMs = story.exchange.createdAtMs + latencyMs;
  const durationMs = Math.max(last.durationMs, Math.round(endedAtMs - last.startedAtMs));
  return [...story.attempts.slice(0, -1), { ...last, costNanos, durationMs }];
}

/** Ten microseconds are as fine as anyone reads. */
function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
