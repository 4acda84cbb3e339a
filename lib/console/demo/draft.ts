import type { AttemptRecord, RequestRecord } from "#lib/contract/record.ts";
import type { Price } from "#lib/contract/snapshot.ts";
import { NO_USAGE, type Usage } from "#lib/contract/usage.ts";
import type { DemoApp } from "./app.ts";
import type { DemoDeployment } from "./company.ts";
import { type Chance, demoId } from "./random.ts";

/** A deployment as the history knows it: its row, and what a call of it costs. */
export interface HistoryDeployment extends DemoDeployment {
  id: string;
  price: Price;
}

/** An app with the ids of its key, its owner and its team. */
export interface HistoryApp extends DemoApp {
  keyId: string;
  userId: string;
  teamId: string | null;
}

/** A request that has arrived, before it is known how it ends. */
export interface Arrival {
  app: HistoryApp;
  asked: string;
  alias: string | null;
  atMs: number;
  chance: Chance;
}

/** What every row of an app has, with the ending of a request that nobody was asked for. */
export function draftOf({ app, asked, alias, atMs, chance }: Arrival): RequestRecord {
  const isEmbedding = app.outputTokens === 0;
  return {
    id: demoId(chance, atMs),
    keyId: app.keyId,
    userId: app.userId,
    teamId: app.teamId,
    dialect: "openai",
    endpoint: isEmbedding ? "embeddings" : "chat",
    modelAsked: asked,
    alias,
    deploymentId: null,
    deploymentName: null,
    provider: null,
    model: null,
    status: 200,
    outcome: "ok",
    errorCode: null,
    errorMessage: null,
    usage: NO_USAGE,
    estimated: false,
    costNanos: 0n,
    priceSnapshot: null,
    priceState: "none",
    latencyMs: round(chance.around(3, 0.6)),
    ttftMs: null,
    overheadMs: round(chance.around(0.6, 0.5)),
    attempts: [],
    stream: !isEmbedding && chance.happens(app.streams),
    cacheResult: "BYPASS",
    cacheHit: null,
    verdicts: [],
    prompt: null,
    adjusted: chance.happens(0.01) ? ["seed"] : [],
    tags: tagsOf(app, chance),
    session: sessionOf(app, atMs, chance),
    ip: `10.20.${chance.between(0, 3)}.${chance.between(2, 250)}`,
    userAgent: app.userAgent,
    reservation: null,
  };
}

function tagsOf(app: HistoryApp, chance: Chance): Record<string, string> {
  const feature = app.features === undefined ? {} : { feature: chance.pick(app.features) };
  return { ...app.tags, ...feature };
}

/** Requests of one app within some minutes share few sessions, as conversations do. */
function sessionOf(app: HistoryApp, atMs: number, chance: Chance): string | null {
  if (app.sessionLength === 0) {
    return null;
  }
  const span = Math.floor(atMs / (app.sessionLength * 240_000));
  return `s-${app.key.slice(0, 3)}-${span.toString(36)}${chance.between(0, 3)}`;
}

/** Tokens of an answered request. */
export function usageOf(app: HistoryApp, chance: Chance): Usage {
  const total = Math.max(1, Math.round(chance.around(app.inputTokens, 0.55)));
  const isCached = app.cached > 0 && total > 1024 && chance.happens(app.cached);
  const cacheRead = isCached ? Math.floor((total * (0.6 + 0.3 * chance.next())) / 128) * 128 : 0;
  const output =
    app.outputTokens === 0 ? 0 : Math.max(1, Math.round(chance.around(app.outputTokens, 0.7)));
  const thinks = app.outputTokens > 500 && chance.happens(0.5);
  return {
    ...NO_USAGE,
    input: total - cacheRead,
    cacheRead,
    output,
    reasoning: thinks ? Math.floor(output * 0.45) : 0,
  };
}

/** The times of an answer of `output` tokens by a deployment that is `slowness` times its usual self. */
export function timesOf(
  deployment: HistoryDeployment,
  output: number,
  { chance, slowness }: { chance: Chance; slowness: number },
): { ttftMs: number; durationMs: number } {
  const ttftMs = chance.around(deployment.ttftMs, 0.4) * slowness;
  const perSecond = deployment.tokensPerSecond * (0.8 + 0.4 * chance.next());
  const writing = perSecond === 0 ? 0 : (output / perSecond) * 1000 * slowness;
  return { ttftMs: round(ttftMs), durationMs: round(ttftMs + writing) };
}

export function attemptOf(
  deployment: HistoryDeployment,
  facts: Pick<AttemptRecord, "startedAtMs" | "durationMs" | "ended" | "status"> &
    Partial<Pick<AttemptRecord, "errorCode" | "errorMessage" | "costNanos">>,
): AttemptRecord {
  return {
    deploymentId: deployment.id,
    deploymentName: deployment.name,
    provider: deployment.provider,
    errorCode: null,
    errorMessage: null,
    costNanos: 0n,
    ...facts,
  };
}

/** Ten microseconds are as fine as the gateway measures. */
export function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
