import type { Deployment } from "#lib/contract/snapshot.ts";
import type { ConduitError } from "#lib/errors.ts";
import type { Story } from "./story.ts";

export interface Try {
  /** `ok`, the kind of an upstream's failure, or why the target was not asked. */
  ended: string;
  /** `performance.now()` at the call; absent when there was none. */
  startedAt?: number;
  status?: number;
  error?: ConduitError;
}

/** Adds a try of one target to the story. */
export function recordTry(story: Story, deployment: Deployment, made: Try): void {
  const nowMs = performance.now();
  const startedAt = made.startedAt ?? nowMs;
  story.upstreamMs += nowMs - startedAt;
  story.attempts.push({
    deploymentId: deployment.id,
    deploymentName: deployment.name,
    provider: deployment.provider,
    status: made.status ?? made.error?.upstream?.status ?? null,
    errorCode: made.error?.code ?? null,
    errorMessage: made.error?.message ?? null,
    startedAtMs: Math.round(performance.timeOrigin + startedAt),
    durationMs: Math.round(nowMs - startedAt),
    ended: made.ended,
    costNanos: 0n,
  });
}
