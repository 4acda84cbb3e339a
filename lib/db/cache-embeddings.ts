import { sql } from "drizzle-orm";
import type { Db, Sql, TransactionSql } from "./client.ts";
import { hasIterativeScans } from "./vector-support.ts";

/**
 * The table of vectors by which questions are found. It is made when matching by meaning is turned
 * on, for its columns are as wide as the embedding model's vectors, and a database without pgvector
 * has no type for them. So it is no part of the migrations.
 *
 * A vector is kept twice: one bit a dimension, which the index and the first comparison go by, and
 * as 16-bit numbers, which decide among the few that are left.
 */
export interface VectorSpace {
  /** The embedding model, as the settings name it. */
  model: string;
  dimensions: number;
}

/** More than any model gives. */
const MAX_DIMENSIONS = 4096;

/** A partition of up to so many entries is compared one by one; the index serves larger ones. */
const SCANNED_AT_MOST = 1000;
/** How many of the nearest by their bits are compared by their numbers. */
const SHORTLIST = 8;
/** How many tuples a look-up goes through at most when the index leads it through other partitions. */
const MAX_VISITED = 5000;

/** Any number that nothing else in the database locks. */
const SPACE_LOCK = 6_021_023_140_858n;

/**
 * Makes the table for a model's vectors, or finds that it is there. One of another model is given
 * up, with what it held. Gives a sentence that says why it cannot be, or nothing.
 */
export async function openVectorSpace(
  driver: Sql,
  params: { space: VectorSpace; version: string },
): Promise<string | undefined> {
  const { space, version } = params;
  if (space.dimensions > MAX_DIMENSIONS) {
    return `The embedding model gives vectors of ${space.dimensions} dimensions; at most ${MAX_DIMENSIONS} can be searched.`;
  }
  return await driver.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${SPACE_LOCK})`;
    const found = await readSpace(tx);
    if (found?.model === space.model && found.dimensions === space.dimensions) {
      return undefined;
    }
    if (found?.model === space.model && (await hasLiving(tx))) {
      return `The embedding model gives vectors of ${space.dimensions} dimensions, and before of ${found.dimensions}. Clear the cache of like questions, or wait until its answers have expired.`;
    }
    await makeSpace(tx, { space, version });
    return undefined;
  });
}

/** The space of the table as it stands; `undefined` where there is none. */
export async function readSpace(driver: Sql | TransactionSql): Promise<VectorSpace | undefined> {
  const [row] = await driver<{ space: VectorSpace | null }[]>`
    select obj_description(to_regclass('cache_embeddings'), 'pg_class')::json as space`;
  return row?.space ?? undefined;
}

async function hasLiving(tx: TransactionSql): Promise<boolean> {
  const rows = await tx`select 1 from cache_embeddings where expires_at > now() limit 1`;
  return rows.length > 0;
}

async function makeSpace(
  tx: TransactionSql,
  { space, version }: { space: VectorSpace; version: string },
): Promise<void> {
  // Types take no parameters; the width is a whole number of ours.
  const width = String(Math.trunc(space.dimensions));
  const visiting = hasIterativeScans(version)
    ? `set hnsw.iterative_scan = 'relaxed_order' set hnsw.max_scan_tuples = ${MAX_VISITED}`
    : "";
  await tx`drop table if exists cache_embeddings`;
  await tx`delete from cache_entries where kind = 'semantic'`;
  await tx.unsafe(`
    create table cache_embeddings (
      entry_id uuid primary key references cache_entries (id)
        on delete cascade on update cascade,
      partition bytea not null,
      code bit(${width}) not null,
      embedding halfvec(${width}) not null,
      expires_at timestamptz not null
    )`);
  // With the bits in it, a partition is counted and compared without a look at the table itself.
  await tx.unsafe(`create index cache_embeddings_partition_idx
    on cache_embeddings (partition) include (expires_at, entry_id, code)`);
  await tx.unsafe(
    "create index cache_embeddings_code_idx on cache_embeddings using hnsw (code bit_hamming_ops)",
  );
  // Told how few rows come of it, the planner looks them up and reads no whole table beside them.
  await tx.unsafe(`create or replace function nearest_cache_entries(
      in_partition bytea, probe halfvec, wanted int
    ) returns table (entry_id uuid, similarity float8)
    language plpgsql stable rows ${SHORTLIST} ${visiting} set enable_sort = off as ${"$$"}
    ${functionBody(width)}
    ${"$$"}`);
  await tx.unsafe(`comment on table cache_embeddings is ${literal(JSON.stringify(space))}`);
}

/**
 * Two ways to the shortlist, by the partition's size: through the partition's own index, which misses
 * nothing, or through the index of the bits. Sorting is what both can do without an order from an
 * index; with it turned off the planner takes it only where there is no other way.
 */
function functionBody(width: string): string {
  const code = `binary_quantize(probe)::bit(${width})`;
  const living = "e.partition = in_partition and e.expires_at > now()";
  const best = `select t.entry_id, 1 - (t.embedding <=> probe)
      from near join cache_embeddings t using (entry_id)
      order by t.embedding <=> probe limit wanted`;
  return `declare
      size int;
    begin
      select count(*) into size from (
        select from cache_embeddings e where ${living} limit ${SCANNED_AT_MOST + 1}
      ) counted;
      if size <= ${SCANNED_AT_MOST} then
        return query
        with mine as materialized (
          select e.entry_id, e.code from cache_embeddings e where ${living}
        ), near as materialized (
          select mine.entry_id from mine order by mine.code <~> ${code} limit ${SHORTLIST}
        ) ${best};
      else
        return query
        with near as materialized (
          select e.entry_id from cache_embeddings e where ${living}
          order by e.code <~> ${code} limit ${SHORTLIST}
        ) ${best};
      end if;
    end`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An entry that lies near a question, with what it holds. */
export interface NearEntry {
  id: string;
  /** Cosine, −1 to 1. */
  similarity: number;
  keyVersion: string;
  wrappedKey: Buffer;
  box: Buffer;
}

/** The nearest entries of a partition that still hold, nearest first. */
export async function listNearEntries(
  driver: Sql,
  params: { partition: Buffer; vector: readonly number[]; limit: number },
): Promise<NearEntry[]> {
  return await driver<NearEntry[]>`
    select e.id, near.similarity, e.key_version as "keyVersion", e.wrapped_key as "wrappedKey", e.box
    from nearest_cache_entries(
      ${params.partition}, ${vectorText(params.vector)}::halfvec, ${params.limit}
    ) near
    join cache_entries e on e.id = near.entry_id
    where e.box is not null
    order by near.similarity desc`;
}

export interface EmbeddingRow {
  entryId: string;
  partition: Buffer;
  vector: readonly number[];
  expiresAt: Date;
}

/** Puts an entry's vector beside it; the entry has to be there, and may have taken another's place. */
export async function insertEmbedding(db: Db, row: EmbeddingRow): Promise<void> {
  const text = vectorText(row.vector);
  const expiresAt = row.expiresAt.toISOString();
  await db.execute(sql`
    insert into cache_embeddings (entry_id, partition, code, embedding, expires_at)
    values (
      ${row.entryId}, ${row.partition}, binary_quantize(${text}::halfvec), ${text}::halfvec,
      ${expiresAt}::timestamptz
    )
    on conflict (entry_id) do update set expires_at = excluded.expires_at`);
}

/** Five digits are more than a 16-bit number holds, and a third of the text that all would take. */
function vectorText(vector: readonly number[]): string {
  return `[${vector.map((value) => Number(value.toPrecision(5))).join(",")}]`;
}

/**
 * Gives the room of rows that are gone back. Postgres does so by itself; the embedded database has
 * no process for it, and its index would lead through what is gone for ever.
 */
export async function vacuumEmbeddings(driver: Sql): Promise<void> {
  if ((await readSpace(driver)) !== undefined) {
    await driver`vacuum (analyze) cache_embeddings`;
  }
}
