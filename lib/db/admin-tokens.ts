import { and, desc, eq, isNull } from "drizzle-orm";
import { adminTokens } from "#drizzle/schema/admin-tokens.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Db } from "./client.ts";

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
    expiresAt: params.expiresAt,
    createdAt: params.createdAt,
  });
}

export async function revokeAdminToken(db: Db, params: { id: string; at: Date }): Promise<void> {
  await db
    .update(adminTokens)
    .set({ revokedAt: params.at })
    .where(and(LIVING, eq(adminTokens.id, params.id)));
}
