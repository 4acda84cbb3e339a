import { openVectorSpace } from "#lib/db/cache-embeddings.ts";
import { getSql } from "#lib/db/client.ts";
import { currentSettings } from "#lib/db/settings.ts";
import {
  checkVectorSupport,
  enableVectorSupport,
  type VectorSupport,
} from "#lib/db/vector-support.ts";
import { toConduitError } from "#lib/errors.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";

/** Whether questions are matched by meaning in this process, and if not, why not. */
export type SemanticStatus =
  | { state: "off" }
  /** The table is made with the first question, whose vector tells how wide it has to be. */
  | { state: "waiting" }
  | { state: "ready"; dimensions: number }
  | { state: "unavailable"; reason: string };

/** What went wrong is tried again after this long. */
const RETRY_MS = 30_000;
/** A model that fails, or is slow to, must not hold up every request. */
const COOL_OFF_MS = 5_000;

interface Holder {
  /** The model and the width that the table was made for, or could not be. */
  space: { key: string; refusal: Promise<string | undefined>; atMs: number } | undefined;
  /** Whether the database can search vectors at all. */
  support: { found: Promise<VectorSupport>; atMs: number } | undefined;
  /** Why the last vector could not be had. */
  failure: { reason: string; atMs: number } | undefined;
  dimensions: number;
}

function holder(): Holder {
  return singleton("cache.semantic", () => ({
    space: undefined,
    support: undefined,
    failure: undefined,
    dimensions: 0,
  }));
}

/**
 * Whether it is worth to ask for a question's vector: not while the model was just found failing,
 * and not where the database has no use for vectors. Rejects when the database is away.
 */
export async function isSemanticUsable(): Promise<boolean> {
  const held = holder();
  const now = Date.now();
  if (held.failure !== undefined && now - held.failure.atMs < COOL_OFF_MS) {
    return false;
  }
  if (held.support === undefined || now - held.support.atMs > RETRY_MS) {
    held.support = { found: checkVectorSupport(getSql()), atMs: now };
  }
  return (await held.support.found).ready;
}

/**
 * Whether vectors of these dimensions can be looked for: makes the table at the first use. Rejects
 * when the database is away.
 */
export async function isSpaceOpen(space: { model: string; dimensions: number }): Promise<boolean> {
  const held = holder();
  const key = `${space.dimensions} ${space.model}`;
  if (held.space?.key !== key || (await isWorthRetrying(held.space))) {
    held.space = { key, refusal: open(space), atMs: Date.now() };
    held.dimensions = space.dimensions;
  }
  return (await held.space.refusal) === undefined;
}

async function isWorthRetrying({ refusal, atMs }: NonNullable<Holder["space"]>): Promise<boolean> {
  const isOld = Date.now() - atMs > RETRY_MS;
  return isOld && (await refusal.catch(() => "away")) !== undefined;
}

async function open(space: { model: string; dimensions: number }): Promise<string | undefined> {
  const sql = getSql("batch");
  const support = await enableVectorSupport(sql);
  const refusal = support.ready
    ? await openVectorSpace(sql, { space, version: support.version })
    : support.reason;
  if (refusal !== undefined) {
    getLog().warn({ reason: refusal }, "questions are not matched by meaning");
  }
  return refusal;
}

/** Forgets what was found of the database: another process may have made another table. */
export function forgetSpace(): void {
  const held = holder();
  held.space = undefined;
  held.support = undefined;
}

/**
 * Notes why a question's vector could not be had, where that is the model's doing: what one caller
 * says, may pay or waits for must not turn look-ups off for others. `undefined` once one was had.
 */
export function noteFailure(error: unknown): void {
  if (error === undefined) {
    holder().failure = undefined;
    return;
  }
  const { message, upstream, code } = toConduitError(error);
  const isModels =
    upstream === undefined ? MODELS_CODES.has(code) : !CALLERS_KINDS.has(upstream.kind);
  if (isModels) {
    const reason = `The embedding model could not be asked: ${message}`;
    holder().failure = { reason, atMs: Date.now() };
  }
}

const MODELS_CODES = new Set(["model_not_found", "no_healthy_upstream", "upstream_malformed"]);
const CALLERS_KINDS = new Set(["context_length", "content_policy", "rejected"]);

/** What the console says of matching by meaning. Rejects when the database is away. */
export async function describeSemantic(): Promise<SemanticStatus> {
  if (!currentSettings().cache.semantic_enabled) {
    return { state: "off" };
  }
  const { failure, space, dimensions } = holder();
  if (failure !== undefined) {
    return { state: "unavailable", reason: failure.reason };
  }
  if (space !== undefined) {
    const reason = await space.refusal;
    return reason === undefined ? { state: "ready", dimensions } : { state: "unavailable", reason };
  }
  const support = await checkVectorSupport(getSql("console"));
  return support.ready ? { state: "waiting" } : { state: "unavailable", reason: support.reason };
}
