import type { AttemptRecord, RequestRecord } from "#lib/contract/record.ts";
import { priceUsage } from "#lib/ledger/price.ts";
import {
  type Arrival,
  attemptOf,
  draftOf,
  type HistoryDeployment,
  round,
  timesOf,
  usageOf,
} from "./draft.ts";
import { refusalOf, statusOf, TRY_FAILURES } from "./endings.ts";
import { conditionOf, type Incident } from "./incidents.ts";
import type { Chance } from "./random.ts";

/** What the gateway of the past knew. */
export interface World {
  incidents: readonly Incident[];
  /** Who may answer for a name, best first. */
  candidates: (asked: string, arrival: Arrival) => readonly HistoryDeployment[];
  /** The last whole answer of each app to each name, which the cache may give again. */
  kept: Map<string, RequestRecord>;
  nowMs: number;
}

const SPENT_FOR_MS = 36 * 3_600_000;

/** One request from its arrival to its row. */
export function tellStory(world: World, arrival: Arrival): RequestRecord {
  const draft = draftOf(arrival);
  const { app, atMs, chance } = arrival;
  const isSpent = (app.budget?.usedShare ?? 0) >= 1 && atMs > world.nowMs - SPENT_FOR_MS;
  if (isSpent && chance.happens(0.5)) {
    return refused(draft, arrival, "spent");
  }
  if (chance.happens(0.011)) {
    return refused(draft, arrival, "invalid");
  }
  if (app.limits !== undefined && chance.happens(0.008)) {
    return refused(draft, arrival, "limited");
  }
  if (chance.happens(0.002)) {
    return refused(draft, arrival, "blocked");
  }
  return tried(world, arrival, draft);
}

function refused(
  draft: RequestRecord,
  { chance }: Arrival,
  kind: Parameters<typeof refusalOf>[0],
): RequestRecord {
  const { outcome, code, message } = refusalOf(kind, chance);
  return { ...draft, outcome, status: statusOf(code), errorCode: code, errorMessage: message };
}

/** Tries the candidates in order until one answers. */
function tried(world: World, arrival: Arrival, draft: RequestRecord): RequestRecord {
  const { atMs, asked, chance } = arrival;
  const candidates = world.candidates(asked, arrival);
  const name = `${arrival.app.key} ${asked}`;
  const kept = world.kept.get(name);
  if (kept !== undefined && chance.happens(REPEATED)) {
    return cachedAnswer(draft, kept, chance);
  }
  const attempts: AttemptRecord[] = [];
  let atNowMs = atMs + 1;
  for (const deployment of candidates) {
    const { failures, slowness } = conditionOf(world.incidents, deployment.name, atMs);
    if (!chance.happens(failures)) {
      const how = { deployment, attempts, startedAtMs: atNowMs, slowness };
      const record = answered(arrival, draft, how);
      if (record.outcome === "ok" && usesCache(arrival)) {
        world.kept.set(name, record);
      }
      return record;
    }
    const failure = chance.pick(TRY_FAILURES);
    const durationMs = round(Math.min(30_000, chance.around(failure.afterMs, 0.3)));
    const { ended, status, code, message } = failure;
    const facts = { startedAtMs: atNowMs, durationMs, ended, status };
    attempts.push(attemptOf(deployment, { ...facts, errorCode: code, errorMessage: message }));
    atNowMs += Math.ceil(durationMs) + chance.between(20, 120);
  }
  return failed(draft, { attempts, latencyMs: atNowMs - atMs, last: candidates.at(-1) });
}

/** Nobody answered: the caller gets the last error, or is told that everyone rests. */
function failed(
  draft: RequestRecord,
  end: {
    attempts: AttemptRecord[];
    latencyMs: number;
    last: HistoryDeployment | undefined;
  },
): RequestRecord {
  const { attempts, latencyMs, last } = end;
  const tryOfAll = attempts.at(-1);
  const isResting = attempts.length > 1 && tryOfAll?.ended === "network";
  const code = isResting ? "no_healthy_upstream" : failureCodeOf(tryOfAll);
  return {
    ...draft,
    outcome: "provider_error",
    status: statusOf(code),
    errorCode: code,
    errorMessage: isResting
      ? "Every deployment behind this name is resting after failures."
      : (tryOfAll?.errorMessage ?? null),
    latencyMs,
    attempts,
    deploymentId: last?.id ?? null,
    deploymentName: last?.name ?? null,
    provider: last?.provider ?? null,
    model: last?.model ?? null,
  };
}

function failureCodeOf(attempt: AttemptRecord | undefined) {
  const failure = TRY_FAILURES.find(({ ended }) => ended === attempt?.ended);
  return failure?.code ?? "upstream_error";
}

interface Answering {
  deployment: HistoryDeployment;
  attempts: AttemptRecord[];
  startedAtMs: number;
  slowness: number;
}

function answered(arrival: Arrival, draft: RequestRecord, how: Answering): RequestRecord {
  const { app, atMs, chance } = arrival;
  const { deployment, attempts, startedAtMs, slowness } = how;
  const names = {
    deploymentId: deployment.id,
    deploymentName: deployment.name,
    provider: deployment.provider,
    model: deployment.model,
  };
  const ending = endingOf(arrival, draft);
  const full = usageOf(app, chance);
  const usage = { ...full, output: Math.ceil(full.output * ending.share) };
  usage.reasoning = Math.min(usage.reasoning, usage.output);
  const { ttftMs, durationMs } = timesOf(deployment, usage.output, { chance, slowness });
  const priced = priceUsage(usage, deployment.price, atMs);
  const waitedMs = startedAtMs - atMs;
  const facts = { startedAtMs, durationMs, ended: ending.ended, status: 200 };
  return {
    ...draft,
    ...names,
    cacheResult: usesCache(arrival) ? "MISS" : "BYPASS",
    outcome: ending.outcome,
    status: ending.status,
    errorCode: ending.code,
    errorMessage: ending.message,
    usage,
    estimated: ending.share < 1,
    costNanos: priced.costNanos,
    priceSnapshot: priced.snapshot,
    priceState: priced.state,
    latencyMs: round(waitedMs + durationMs),
    ttftMs: draft.stream ? round(waitedMs + ttftMs) : null,
    attempts: [...attempts, attemptOf(deployment, { ...facts, costNanos: priced.costNanos })],
  };
}

/** Share of the requests of apps with much in common that were asked before. */
const REPEATED = 0.06;

/** Apps whose requests begin alike are those that ask the same again, too. */
function usesCache({ app }: Arrival): boolean {
  return app.cached > 0.4;
}

function cachedAnswer(draft: RequestRecord, kept: RequestRecord, chance: Chance): RequestRecord {
  const isSemantic = chance.happens(0.3);
  const similarity = isSemantic ? 0.95 + 0.05 * chance.next() : null;
  const latencyMs = round(chance.around(isSemantic ? 60 : 4, 0.5));
  return {
    ...draft,
    provider: kept.provider,
    model: kept.model,
    outcome: "cached",
    cacheResult: isSemantic ? "SEMANTIC" : "HIT",
    cacheHit: { sourceId: kept.id, savedNanos: kept.costNanos, similarity },
    usage: kept.usage,
    stream: kept.stream,
    latencyMs,
    ttftMs: kept.stream ? latencyMs : null,
  };
}

interface Ending {
  outcome: RequestRecord["outcome"];
  status: number;
  ended: string;
  code: string | null;
  message: string | null;
  /** How much of the answer was written before it ended. */
  share: number;
}

const WHOLE: Ending = {
  outcome: "ok",
  status: 200,
  ended: "ok",
  code: null,
  message: null,
  share: 1,
};

function endingOf({ chance }: Arrival, { stream }: RequestRecord): Ending {
  if (chance.happens(stream ? 0.012 : 0.002)) {
    const message = "The caller hung up.";
    const share = stream ? 0.2 + 0.5 * chance.next() : 1;
    const end = { outcome: "cancelled", status: 499, ended: "cancelled" } as const;
    return { ...end, code: "client_closed", message, share };
  }
  if (stream && chance.happens(0.003)) {
    const message = "The answer broke off before its end.";
    const end = { outcome: "partial", status: 200, ended: "protocol" } as const;
    return { ...end, code: "upstream_truncated", message, share: 0.1 + 0.6 * chance.next() };
  }
  if (chance.happens(0.001)) {
    const message = "The gateway's process ended while this request was running.";
    const end = { outcome: "interrupted", status: 0, ended: "cancelled" } as const;
    return { ...end, code: "server_shutdown", message, share: 0.5 };
  }
  return WHOLE;
}
