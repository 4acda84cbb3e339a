import type { Sql } from "./client.ts";

/** A semantic entry near a question, whoever it answers. */
export interface CacheMatch {
  id: string;
  userId: string;
  scopeKind: "key" | "team";
  keyAlias: string | null;
  teamName: string | null;
  sourceRequestId: string;
  /** Cosine, −1 to 1. */
  similarity: number;
  keyVersion: string;
  wrappedKey: Buffer;
  box: Buffer;
}

/**
 * The nearest entries of a model that still hold, over all partitions, nearest first: for somebody
 * who tries a question out, not for answering one. The table has to be there, with vectors as wide.
 */
export async function listCacheMatches(
  sql: Sql,
  params: { vector: readonly number[]; modelAsked: string; limit: number },
): Promise<CacheMatch[]> {
  const probe = `[${params.vector.map((value) => Number(value.toPrecision(5))).join(",")}]`;
  return await sql<CacheMatch[]>`
    select e.id, e.user_id as "userId", e.scope_kind as "scopeKind", k.alias as "keyAlias",
      t.name as "teamName", e.source_request_id as "sourceRequestId",
      1 - (v.embedding <=> ${probe}::halfvec) as similarity,
      e.key_version as "keyVersion", e.wrapped_key as "wrappedKey", e.box
    from cache_embeddings v
    join cache_entries e on e.id = v.entry_id
    left join api_keys k on k.id = e.key_id
    left join teams t on t.id = e.team_id
    where v.expires_at > now() and e.model_asked = ${params.modelAsked} and e.box is not null
    order by v.embedding <=> ${probe}::halfvec
    limit ${params.limit}`;
}
