import type { AttemptRecord, RequestIntent, RequestRecord } from "#lib/contract/record.ts";
import { NO_USAGE } from "#lib/contract/usage.ts";
import { newId } from "#lib/ids.ts";

const KEY_ID = "01900000-0000-7000-8000-000000000001";
const USER_ID = "01900000-0000-7000-8000-000000000002";
const DEPLOYMENT_ID = "01900000-0000-7000-8000-000000000003";

/** The record of a request that one target answered, with what a test wants otherwise. */
export function makeRecord(changes: Partial<RequestRecord> = {}): RequestRecord {
  const costNanos = changes.costNanos ?? 1_000n;
  return {
    id: newId(),
    keyId: KEY_ID,
    userId: USER_ID,
    teamId: null,
    dialect: "openai",
    endpoint: "chat",
    modelAsked: "gpt-4o",
    alias: null,
    deploymentId: DEPLOYMENT_ID,
    deploymentName: "main",
    provider: "openai",
    model: "gpt-4o",
    status: 200,
    outcome: "ok",
    errorCode: null,
    errorMessage: null,
    usage: { ...NO_USAGE, input: 10, output: 5 },
    estimated: false,
    costNanos,
    priceSnapshot: { input: "2.5", output: "10" },
    priceState: "priced",
    latencyMs: 120.5,
    ttftMs: 40,
    overheadMs: 1.5,
    attempts: [makeAttempt({ costNanos })],
    stream: false,
    cacheResult: "MISS",
    cacheHit: null,
    verdicts: [],
    prompt: null,
    adjusted: [],
    tags: {},
    session: null,
    ip: "127.0.0.1",
    userAgent: "test/1.0",
    reservation: null,
    ...changes,
  };
}

export function makeAttempt(changes: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    deploymentId: DEPLOYMENT_ID,
    deploymentName: "main",
    provider: "openai",
    status: 200,
    errorCode: null,
    errorMessage: null,
    startedAtMs: Date.now(),
    durationMs: 119,
    ended: "ok",
    costNanos: 1_000n,
    ...changes,
  };
}

/** What was noted of a record's request before its upstream was called. */
export function makeIntent(changes: Partial<RequestIntent> = {}): RequestIntent {
  return {
    id: newId(),
    keyId: KEY_ID,
    userId: USER_ID,
    teamId: null,
    endpoint: "chat",
    modelAsked: "gpt-4o",
    stream: false,
    estimateNanos: 5_000n,
    reservation: null,
    ...changes,
  };
}
