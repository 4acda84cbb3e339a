import { asc, desc, eq } from "drizzle-orm";
import { priceOverrides } from "#drizzle/schema/price-overrides.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Db } from "./client.ts";

export type PriceOverrideRow = typeof priceOverrides.$inferSelect;

/** What an override is made or changed with; an absent field stays as it is. */
export interface PriceOverrideValues {
  modelPattern?: string | undefined;
  provider?: string | null | undefined;
  inputNanos?: bigint | undefined;
  outputNanos?: bigint | undefined;
  cacheReadNanos?: bigint | null | undefined;
  cacheWriteNanos?: bigint | null | undefined;
  effectiveFrom?: Date | undefined;
}

export async function listPriceOverrides(
  db: Db,
  params: { limit: number; offset: number },
): Promise<Page<PriceOverrideRow>> {
  const rows = await db
    .select()
    .from(priceOverrides)
    .orderBy(asc(priceOverrides.modelPattern), desc(priceOverrides.effectiveFrom))
    .limit(params.limit)
    .offset(params.offset);
  return { rows, total: await db.$count(priceOverrides) };
}

/** Every override, for the snapshot. */
export async function readPriceOverrides(db: Db): Promise<PriceOverrideRow[]> {
  return await db.select().from(priceOverrides).orderBy(asc(priceOverrides.effectiveFrom));
}

export async function getPriceOverride(
  db: Db,
  params: { id: string },
): Promise<PriceOverrideRow | undefined> {
  const [row] = await db.select().from(priceOverrides).where(eq(priceOverrides.id, params.id));
  return row;
}

export async function insertPriceOverride(
  db: Db,
  row: Omit<PriceOverrideRow, "createdAt">,
): Promise<void> {
  await db.insert(priceOverrides).values({
    id: row.id,
    modelPattern: row.modelPattern,
    provider: row.provider,
    inputNanos: row.inputNanos,
    outputNanos: row.outputNanos,
    cacheReadNanos: row.cacheReadNanos,
    cacheWriteNanos: row.cacheWriteNanos,
    effectiveFrom: row.effectiveFrom,
    createdBy: row.createdBy,
  });
}

export async function updatePriceOverride(
  db: Db,
  params: { id: string } & PriceOverrideValues,
): Promise<void> {
  await db
    .update(priceOverrides)
    .set({
      modelPattern: params.modelPattern,
      provider: params.provider,
      inputNanos: params.inputNanos,
      outputNanos: params.outputNanos,
      cacheReadNanos: params.cacheReadNanos,
      cacheWriteNanos: params.cacheWriteNanos,
      effectiveFrom: params.effectiveFrom,
    })
    .where(eq(priceOverrides.id, params.id));
}

export async function deletePriceOverride(db: Db, params: { id: string }): Promise<void> {
  await db.delete(priceOverrides).where(eq(priceOverrides.id, params.id));
}
