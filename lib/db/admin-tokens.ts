import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { adminTokens } from "#drizzle/schema/admin-tokens.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Db } from "./client.ts";

/** One token of a line: the one that was presented first, then the one that made it, and so on. */
export interface TokenInLine {
  id: string;
  name: string;
  scopes: string[];
  expiresAt: Date | null;
  revokedAt: Date | null;
}

/** The token that a digest opens and all that it comes from, ended ones included; empty for none. */
export async function listTokenLine(db: Db, digests: readonly Buffer[]): Promise<TokenInLine[]> {
  const line = sql`(
    with recursive line (id, made_by, depth) as (
      select id, made_by, 0 from ${adminTokens} where ${inArray(adminTokens.digest, [...digests])}
      union all
      select maker.id, maker.made_by, line.depth + 1
      from admin_tokens as maker join line on maker.id = line.made_by
    ) select id, depth from line
  ) as line`;
  return await db
    .select({
      id: adminTokens.id,
      name: adminTokens.name,
      scopes: adminTokens.scopes,
      expiresAt: adminTokens.expiresAt,
      revokedAt: adminTokens.revokedAt,
    })
    .from(adminTokens)
    .innerJoin(line, sql`line.id = ${adminTokens.id}`)
    .orderBy(sql`line.depth`);
}

export interface AdminTokenRow {
  id: string;
  name: string;
  hint: string;
  scopes: string[];
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
}

const COLUMNS = {
  id: adminTokens.id,
  name: adminTokens.name,
  hint: adminTokens.hint,
  scopes: adminTokens.scopes,
  expiresAt: adminTokens.expiresAt,
  lastUsedAt: adminTokens.lastUsedAt,
  createdAt: adminTokens.createdAt,
};

const LIVING = isNull(adminTokens.revokedAt);

export async function listAdminTokens(
  db: Db,
  params: { limit: number; offset: number },
): Promise<Page<AdminTokenRow>> {
  const rows = await db
    .select(COLUMNS)
    .from(adminTokens)
    .where(LIVING)
    .orderBy(desc(adminTokens.createdAt), desc(adminTokens.id))
    .limit(params.limit)
    .offset(params.offset);
  return { rows, total: await db.$count(adminTokens, LIVING) };
}

export async function getAdminToken(
  db: Db,
  params: { id: string },
): Promise<AdminTokenRow | undefined> {
  const [row] = await db
    .select(COLUMNS)
    .from(adminTokens)
    .where(and(LIVING, eq(adminTokens.id, params.id)));
  return row;
}

export async function insertAdminToken(
  db: Db,
  params: {
    id: string;
    name: string;
    digest: Buffer;
    pepperVersion: string;
    hint: string;
    scopes: readonly string[];
    /** The token that makes it; null for the admin key. */
    madeBy: string | null;
    expiresAt: Date | null;
    createdAt: Date;
  },
): Promise<void> {
  await db.insert(adminTokens).values({
    id: params.id,
    name: params.name,
    digest: params.digest,
    pepperVersion: params.pepperVersion,
    hint: params.hint,
    scopes: [...params.scopes],
    madeBy: params.madeBy,
    expiresAt: params.expiresAt,
    createdAt: params.createdAt,
  });
}

/** Ends a token and every token that comes from it; gives how many of those were ended with it. */
export async function revokeAdminToken(
  db: Db,
  params: { id: string; at: Date },
): Promise<{ heirs: number }> {
  const ended = await db.execute(sql`
    with recursive line as (
      select id from admin_tokens where id = ${params.id}
      union
      select heir.id from admin_tokens as heir join line on heir.made_by = line.id
    )
    update admin_tokens set revoked_at = ${params.at.toISOString()}::timestamptz
    where id in (select id from line) and revoked_at is null
    returning id`);
  return { heirs: ended.filter((row) => row["id"] !== params.id).length };
}
