import {
  insertEmbedding,
  listNearEntries,
  openVectorSpace,
  vacuumEmbeddings,
} from "#lib/db/cache-embeddings.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { enableVectorSupport } from "#lib/db/vector-support.ts";

/** The semantic cache's table, filled for a measurement. */
export interface VectorBench {
  /** The number of milliseconds that one look-up takes, for a question that lies near an entry. */
  lookUp(partition: "large" | "small"): Promise<{ ms: number; similarity: number | null }>;
  /** The milliseconds that it takes to add a vector to the full table. */
  insert(): Promise<number>;
}

const CENTRES = 200;
const NOISES = 2000;
const SMALL = 800;

/**
 * Fills the table: half of the entries lie in one partition, which the index serves, and the others
 * in partitions of 800, which are compared one by one. Vectors lie around 200 topics, as questions do.
 * Throws where the database has no pgvector.
 */
export async function fillVectors(entries: number, dimensions: number): Promise<VectorBench> {
  const sql = getSql();
  const support = await enableVectorSupport(sql);
  if (!support.ready) {
    throw new Error(support.reason);
  }
  const space = { model: "bench", dimensions };
  await openVectorSpace(sql, { space, version: support.version });
  await fill(entries, dimensions);
  return {
    async lookUp(partition) {
      const { vector, digest } = await nearby(partition);
      const startedAt = performance.now();
      const [first] = await listNearEntries(sql, { partition: digest, vector, limit: 5 });
      return { ms: performance.now() - startedAt, similarity: first?.similarity ?? null };
    },
    async insert() {
      const { vector, digest } = await nearby("large");
      const [row] = await sql`select id from cache_entries order by random() limit 1`;
      const entryId = String(row?.["id"]);
      await sql`delete from cache_embeddings where entry_id = ${entryId}`;
      const startedAt = performance.now();
      const expiresAt = new Date(Date.now() + 3_600_000);
      await insertEmbedding(getDb(), { entryId, partition: digest, vector, expiresAt });
      return performance.now() - startedAt;
    },
  };
}

/** An entry's own vector, a little beside it, and the partition that it lies in. */
async function nearby(partition: "large" | "small"): Promise<{ vector: number[]; digest: Buffer }> {
  const large = digestOf(0);
  const [row] = await getSql()<{ embedding: string; partition: Buffer }[]>`
    select embedding::text as embedding, partition from cache_embeddings
    where (partition = ${large}) = ${partition === "large"} and random() < 0.01 limit 1`;
  if (row === undefined) {
    return await nearby(partition);
  }
  const values = JSON.parse(row.embedding) as number[];
  const scale = Math.hypot(...values) / Math.sqrt(values.length);
  const vector = values.map((value) => value + (Math.random() - 0.5) * 0.6 * scale);
  return { vector, digest: row.partition };
}

function digestOf(number: number): Buffer {
  const digest = Buffer.alloc(32);
  digest.writeUInt32BE(number);
  return digest;
}

/** The index of the bits is made once over all, for adding a hundred thousand one by one takes long. */
async function fill(entries: number, dimensions: number): Promise<void> {
  const sql = getSql();
  const [index] = await sql`select pg_get_indexdef('cache_embeddings_code_idx'::regclass) as made`;
  await sql`drop index cache_embeddings_code_idx`;
  for (const [name, count] of [
    ["centres", CENTRES],
    ["noises", NOISES],
  ] as const) {
    await sql`
      create temporary table ${sql(name)} as
      select n, (
        select array_agg(random() - 0.5) from generate_series(n, n + ${dimensions - 1}::int)
      )::real[]::halfvec as v
      from generate_series(0, ${count - 1}::int) n`;
    await sql`create unique index on ${sql(name)} (n)`;
  }
  await sql`
    insert into cache_entries (
      id, kind, digest, scope_kind, scope_id, key_id, user_id, endpoint, model_asked, stream,
      source_request_id, cost_nanos, size_bytes, key_version, wrapped_key, box, expires_at
    )
    select lpad(to_hex(n), 32, '0')::uuid, 'semantic', decode(md5(n::text), 'hex'), 'key', u, u, u,
      'chat', 'm', false, u, 0, 0, 'v1', ''::bytea, ''::bytea, now() + interval '1 day'
    from generate_series(1, ${entries}::int) n, gen_random_uuid() u`;
  await sql`
    insert into cache_embeddings (entry_id, partition, code, embedding, expires_at)
    select lpad(to_hex(i), 32, '0')::uuid,
      decode(lpad(to_hex(case when i % 2 = 0 then 0 else 1 + i / ${2 * SMALL}::int end), 8, '0')
        || repeat('0', 56), 'hex'),
      binary_quantize(vector), vector, now() + interval '1 day'
    from (
      select i, c.v + a.v + b.v as vector
      from generate_series(1, ${entries}::int) i
      join centres c on c.n = i % ${CENTRES}::int
      join noises a on a.n = (i * 7919::bigint) % ${NOISES}::int
      join noises b on b.n = (i / 11 * 104729::bigint) % ${NOISES}::int
    ) made`;
  await sql.begin(async (tx) => {
    await tx`set local maintenance_work_mem = '256MB'`;
    await tx.unsafe(String(index?.["made"]));
  });
  // As the hourly job does.
  await vacuumEmbeddings(sql);
  await sql`analyze cache_entries`;
}
