import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import {
  insertEmbedding,
  listNearEntries,
  openVectorSpace,
  readSpace,
  type VectorSpace,
  vacuumEmbeddings,
} from "./cache-embeddings.ts";
import { type CacheEntryRow, deleteExpiredEntries, saveCacheEntries } from "./cache-entries.ts";
import { getDb, getSql } from "./client.ts";
import { enableVectorSupport, type VectorSupport } from "./vector-support.ts";

const DIMENSIONS = 64;
const HERE = Buffer.alloc(32, 1);
const ELSEWHERE = Buffer.alloc(32, 2);

let database: TestDatabase;
let support: VectorSupport;

beforeAll(async () => {
  database = await openTestDatabase();
  support = await enableVectorSupport(getSql());
});

afterAll(async () => {
  await database.close();
});

function spaceOf(fields: Partial<VectorSpace> = {}): VectorSpace {
  return { model: "vectors", dimensions: DIMENSIONS, ...fields };
}

async function open(space: VectorSpace): Promise<string | undefined> {
  const version = support.ready ? support.version : "";
  return await openVectorSpace(getSql(), { space, version });
}

/** A direction that a number stands for, and one that lies `turn` radians beside it. */
function vectorOf(seed: number, turn = 0): number[] {
  const axis = (at: number) => (at === seed % DIMENSIONS ? Math.cos(turn) : 0);
  const beside = (at: number) => (at === (seed + 7) % DIMENSIONS ? Math.sin(turn) : 0);
  return Array.from({ length: DIMENSIONS }, (_, at) => axis(at) + beside(at));
}

async function keep(fields: {
  partition: Buffer;
  vector: readonly number[];
  ttlMs?: number;
  digest?: Buffer;
}): Promise<string> {
  const id = newId();
  const expiresAt = new Date(Date.now() + (fields.ttlMs ?? 60_000));
  const row: CacheEntryRow = {
    id,
    kind: "semantic",
    digest: fields.digest ?? Buffer.from(id),
    scopeKind: "key",
    scopeId: newId(),
    keyId: newId(),
    userId: newId(),
    endpoint: "chat",
    modelAsked: "m",
    stream: false,
    sourceRequestId: newId(),
    costNanos: 1n,
    sizeBytes: 1,
    keyVersion: "v1",
    wrappedKey: Buffer.alloc(1),
    box: Buffer.alloc(1),
    expiresAt,
  };
  await saveCacheEntries(getDb(), [row]);
  const { partition, vector } = fields;
  await insertEmbedding(getDb(), { entryId: id, partition, vector, expiresAt });
  return id;
}

async function near(partition: Buffer, vector: readonly number[], limit = 5) {
  return await listNearEntries(getSql(), { partition, vector, limit });
}

describe("near vectors", () => {
  beforeEach(({ skip }) => skip(!support.ready, "the database has no pgvector"));

  it("are found by their own partition alone, the nearest first", async () => {
    expect(await open(spaceOf())).toBeUndefined();
    const nearest = await keep({ partition: HERE, vector: vectorOf(1, 0.1) });
    const farther = await keep({ partition: HERE, vector: vectorOf(1, 0.4) });
    await keep({ partition: ELSEWHERE, vector: vectorOf(1) });
    const found = await near(HERE, vectorOf(1));
    expect(found.map(({ id }) => id)).toEqual([nearest, farther]);
    expect(found[0]?.similarity).toBeCloseTo(Math.cos(0.1), 3);
    expect(found[1]?.similarity).toBeCloseTo(Math.cos(0.4), 3);
  });

  it("are not found once their time is over, and go with their entry", async () => {
    const partition = Buffer.alloc(32, 3);
    await keep({ partition, vector: vectorOf(2), ttlMs: -1000 });
    expect(await near(partition, vectorOf(2))).toEqual([]);
    await deleteExpiredEntries(getDb(), { before: new Date() });
    const rows = await getSql()`select 1 from cache_embeddings where partition = ${partition}`;
    expect(rows).toHaveLength(0);
  });

  it("are found after what is gone was cleared out", async () => {
    const partition = Buffer.alloc(32, 6);
    await keep({ partition, vector: vectorOf(4), ttlMs: -1000 });
    const id = await keep({ partition, vector: vectorOf(4) });
    await deleteExpiredEntries(getDb(), { before: new Date() });
    await vacuumEmbeddings(getSql());
    expect((await near(partition, vectorOf(4))).map((entry) => entry.id)).toEqual([id]);
  });

  it("follow an entry that takes another's place", async () => {
    const partition = Buffer.alloc(32, 4);
    const digest = Buffer.alloc(32, 44);
    await keep({ partition, vector: vectorOf(3), digest });
    const later = await keep({ partition, vector: vectorOf(3), digest });
    expect((await near(partition, vectorOf(3))).map(({ id }) => id)).toEqual([later]);
  });

  it("are found among more than are compared one by one", async () => {
    const partition = Buffer.alloc(32, 5);
    await getSql()`
      with made as (
        insert into cache_entries (
          id, kind, digest, scope_kind, scope_id, key_id, user_id, endpoint, model_asked, stream,
          source_request_id, cost_nanos, size_bytes, key_version, wrapped_key, box, expires_at
        )
        select gen_random_uuid(), 'semantic', decode(md5(n::text), 'hex'), 'key',
          gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'chat', 'm', false,
          gen_random_uuid(), 0, 0, 'v1', ''::bytea, ''::bytea, now() + interval '1 hour'
        from generate_series(1, 1500) n
        returning id
      ), random_vectors as (
        select made.id, (
          select array_agg(random() - 0.5) from generate_series(1, ${DIMENSIONS})
          where made.id is not null
        )::real[]::halfvec as vector from made
      )
      insert into cache_embeddings (entry_id, partition, code, embedding, expires_at)
      select id, ${partition}, binary_quantize(vector), vector, now() + interval '1 hour'
      from random_vectors`;
    const wave = Array.from({ length: DIMENSIONS }, (_, at) => Math.sin(at * 1.7) + 0.1);
    const id = await keep({ partition, vector: wave });
    const [first] = await near(partition, wave);
    expect(first?.id).toBe(id);
    expect(first?.similarity).toBeCloseTo(1, 4);
  });

  it("make room for those of another model, and not for others of the same while some still hold", async () => {
    const wider = await open(spaceOf({ dimensions: 96 }));
    expect(wider).toContain("96 dimensions, and before of 64");
    expect(await readSpace(getSql())).toEqual(spaceOf());
    expect(await open(spaceOf({ model: "it's other", dimensions: 96 }))).toBeUndefined();
    expect(await readSpace(getSql())).toEqual({ model: "it's other", dimensions: 96 });
    const rows = await getSql()`select 1 from cache_entries where kind = 'semantic'`;
    expect(rows).toHaveLength(0);
    // Nothing holds any more, so the same model may now give vectors of another width.
    expect(await open(spaceOf({ model: "it's other", dimensions: 32 }))).toBeUndefined();
  });

  it("of more dimensions than can be searched are refused with the reason", async () => {
    expect(await open(spaceOf({ dimensions: 4097 }))).toContain("at most 4096");
  });
});

it("a database without pgvector says so, and one that has it says which", async () => {
  if (support.ready) {
    expect(support.version).toMatch(/^\d+\.\d+/);
  } else {
    expect(support.reason).toContain("pgvector");
  }
});
