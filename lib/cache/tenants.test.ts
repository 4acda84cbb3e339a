import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CacheScope } from "#lib/contract/caller.ts";
import { insertEmbedding, listNearEntries, openVectorSpace } from "#lib/db/cache-embeddings.ts";
import { saveCacheEntries } from "#lib/db/cache-entries.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { enableVectorSupport, type VectorSupport } from "#lib/db/vector-support.ts";
import { newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { captureLog } from "#lib/testing/limits.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure, seed, tier } from "#lib/testing/tier.ts";
import { closeCache, configureCache } from "./configure.ts";
import { DEFAULT_CONTROL } from "./control.ts";
import { findExact, keepExact } from "./exact.ts";
import { digestOf, exactParts } from "./key.ts";
import { likeQuestionOf } from "./like-question.ts";
import type { Question } from "./question.ts";
import type { StoredAnswer } from "./stored-answer.ts";

const PROBES = byTier({ quick: 200, all: 10_000 });
const QUESTIONS = 12;
const PATIENT_MS = byTier({ quick: 60_000, all: 900_000 });
const SPACE = { model: "vectors", dimensions: 32 };
const IDS = [newId(), newId(), newId()];
/** Keys and teams, three of which have their ids in common. */
const SCOPES: readonly CacheScope[] = [
  ...IDS.map((id) => ({ kind: "key" as const, id })),
  ...IDS.map((id) => ({ kind: "team" as const, id })),
];

let database: TestDatabase;
let support: VectorSupport;

beforeAll(async () => {
  captureLog();
  database = await openTestDatabase();
  support = await enableVectorSupport(getSql());
  configureCache({
    env: { redisUrl: undefined, upstash: undefined },
    masterKeys: { current: "v1", keys: new Map([["v1", Buffer.alloc(32, 7)]]) },
  });
});

afterAll(async () => {
  await closeCache();
  await database.close();
});

/** The same question of every scope, to the byte. */
function questionOf(scope: CacheScope, at: number): Question {
  const parts = {
    scope,
    endpoint: "chat",
    modelAsked: "gpt-5.2",
    alias: null,
    candidates: ["one"],
    body: {
      model: "gpt-5.2",
      messages: [{ role: "user", content: `What is the answer to ${at}?` }],
    },
    stream: false,
    policyId: "none",
  } as const;
  const digest = digestOf(exactParts(parts));
  if (digest === undefined) {
    throw new Error("The question has no digest.");
  }
  const caller = { keyId: newId(), userId: newId(), teamId: null };
  return { ...parts, caller, control: DEFAULT_CONTROL, keepsText: false, digest };
}

function answerOf(text: string): StoredAnswer {
  return {
    sourceId: newId(),
    createdAtMs: Date.now(),
    costNanos: 1n,
    deploymentId: null,
    deploymentName: "main",
    provider: "openai",
    model: "gpt-5.2",
    adjusted: [],
    content: { kind: "whole", text },
    carried: [],
  };
}

/** Numbers below `below`, the same in every run of a seed. */
function makeDice(): (below: number) => number {
  let state = seed() * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 16) % below;
  };
}

function pick<T>(items: readonly T[], dice: (below: number) => number): [T, number] {
  const at = dice(items.length);
  const item = items[at];
  if (item === undefined) {
    throw new Error("There is nothing to pick.");
  }
  return [item, at];
}

function record(kind: "exact" | "semantic", foreign: number, own: number): void {
  if (tier() === "all") {
    recordFigure({
      figure: `S24.${kind}`,
      value: `${foreign} of ${PROBES}`,
      met: foreign === 0,
      how: `${SCOPES.length} scopes that ask the same, ${own} hits of their own, seed ${seed()}`,
    });
  }
}

/** Half of the scopes have asked a question, and the others must not notice. */
async function keepHalf(keep: (place: number, question: Question, at: number) => Promise<unknown>) {
  for (const [place, scope] of SCOPES.entries()) {
    for (let at = place % 2; at < QUESTIONS; at += 2) {
      await keep(place, questionOf(scope, at), at);
    }
  }
}

/** Asks in random names; `find` gives whose answers were found. */
async function probe(
  find: (question: Question, at: number) => Promise<readonly (number | undefined)[]>,
): Promise<{ own: number; foreign: number }> {
  const dice = makeDice();
  const hits = { own: 0, foreign: 0 };
  for (let count = 0; count < PROBES; count += 1) {
    const [scope, place] = pick(SCOPES, dice);
    const at = dice(QUESTIONS);
    const owners = await find(questionOf(scope, at), at);
    hits.own += owners.includes(place) ? 1 : 0;
    hits.foreign += owners.filter((owner) => owner !== place).length;
  }
  return hits;
}

describe(threat("T33"), () => {
  it(
    "is never found, however often the same is asked in other names",
    async () => {
      await keepHalf((place, question) => keepExact(question, answerOf(String(place))));
      const { own, foreign } = await probe(async (question) => {
        const content = (await findExact(question))?.answer.content;
        return content?.kind === "whole" ? [Number(content.text)] : [];
      });
      record("exact", foreign, own);
      expect(foreign).toBe(0);
      expect(own).toBeGreaterThan(PROBES / 4);
    },
    PATIENT_MS,
  );
});

describe(threat("T34"), () => {
  it(
    "is never found by the very same vector",
    async ({ skip }) => {
      skip(!support.ready, "the database has no pgvector");
      const version = support.ready ? support.version : "";
      expect(await openVectorSpace(getSql(), { space: SPACE, version })).toBeUndefined();
      const owners = new Map<string, number>();
      await keepHalf(async (place, question, at) => {
        owners.set(await keepVector(question, vectorOf(at)), place);
      });
      const { own, foreign } = await probe(async (question, at) => {
        const partition = partitionOf(question);
        const near = await listNearEntries(getSql(), { partition, vector: vectorOf(at), limit: 5 });
        return near.map(({ id }) => owners.get(id));
      });
      record("semantic", foreign, own);
      expect(foreign).toBe(0);
      expect(own).toBeGreaterThan(PROBES / 4);
    },
    PATIENT_MS,
  );
});

function vectorOf(at: number): number[] {
  return Array.from({ length: SPACE.dimensions }, (_, axis) => (axis === at ? 1 : 0.01));
}

function partitionOf(question: Question): Buffer {
  const partition = likeQuestionOf(question, 1)?.partitionOf(SPACE);
  if (partition === undefined) {
    throw new Error("The question has no partition.");
  }
  return partition;
}

async function keepVector(question: Question, vector: readonly number[]): Promise<string> {
  const id = newId();
  const expiresAt = new Date(Date.now() + 3_600_000);
  await saveCacheEntries(getDb(), [
    {
      id,
      kind: "semantic",
      digest: Buffer.from(id),
      scopeKind: question.scope.kind,
      scopeId: question.scope.id,
      keyId: newId(),
      userId: newId(),
      endpoint: "chat",
      modelAsked: "gpt-5.2",
      stream: false,
      sourceRequestId: newId(),
      costNanos: 1n,
      sizeBytes: 1,
      keyVersion: "v1",
      wrappedKey: Buffer.alloc(1),
      box: Buffer.alloc(1),
      expiresAt,
    },
  ]);
  await insertEmbedding(getDb(), {
    entryId: id,
    partition: partitionOf(question),
    vector,
    expiresAt,
  });
  return id;
}
