import { formatOptionalUsd } from "#lib/contract/amounts.ts";
import { instantOf } from "#lib/contract/instants.ts";
import type {
  PriceCreate,
  PriceInfo,
  PriceQuery,
  PriceUpdate,
  UnpricedModel,
} from "#lib/contract/price.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { listUnpricedModels } from "#lib/db/deployment-usage.ts";
import {
  deletePriceOverride,
  getPriceOverride,
  insertPriceOverride,
  listPriceOverrides,
  type PriceOverrideRow,
  updatePriceOverride,
} from "#lib/db/price-overrides.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { newId } from "#lib/ids.ts";
import { formatUsd } from "#lib/money.ts";
import type { Actor } from "./actor.ts";
import { describeInput, fieldsBefore } from "./audit-fields.ts";
import { applyChange } from "./change.ts";
import { assertSomeField, requireFound } from "./found.ts";
import { quarterSpan } from "./span.ts";

/** Prices are no secret: everybody who may read them at all reads all of them. */
export async function showPrices(
  _actor: Actor,
  query: PriceQuery,
): Promise<{ prices: PriceInfo[]; total: number }> {
  const { rows, total } = await listPriceOverrides(getDb("console"), query);
  return { prices: rows.map(infoOf), total };
}

export async function showPrice(_actor: Actor, id: string): Promise<PriceInfo> {
  return infoOf(await requireRow(getDb("console"), id));
}

async function requireRow(db: Db, id: string): Promise<PriceOverrideRow> {
  return requireFound(await getPriceOverride(db, { id }), "price");
}

function infoOf(row: PriceOverrideRow): PriceInfo {
  return {
    id: row.id,
    model_pattern: row.modelPattern,
    provider: row.provider,
    input_per_million_usd: formatUsd(row.inputNanos),
    output_per_million_usd: formatUsd(row.outputNanos),
    cache_read_per_million_usd: formatOptionalUsd(row.cacheReadNanos),
    cache_write_per_million_usd: formatOptionalUsd(row.cacheWriteNanos),
    effective_from: instantOf(row.effectiveFrom),
    created_at: instantOf(row.createdAt),
  };
}

/** Sets a price; requests from now on cost it, and what was recorded before stays as it was. */
export async function createPrice(actor: Actor, input: PriceCreate): Promise<PriceInfo> {
  const id = newId();
  const { principal } = actor;
  await applyChange(actor, async (tx) => {
    await insertPriceOverride(tx, {
      id,
      modelPattern: input.model_pattern,
      provider: input.provider ?? null,
      inputNanos: input.input_per_million_usd,
      outputNanos: input.output_per_million_usd,
      cacheReadNanos: input.cache_read_per_million_usd ?? null,
      cacheWriteNanos: input.cache_write_per_million_usd ?? null,
      effectiveFrom: input.effective_from ?? new Date(),
      createdBy: principal.kind === "user" ? principal.id : null,
    });
    return {
      result: undefined,
      kind: "price",
      subjectId: id,
      action: "price.create",
      after: describeInput(input),
    };
  });
  return await showPrice(actor, id);
}

export async function changePrice(
  actor: Actor,
  id: string,
  input: PriceUpdate,
): Promise<PriceInfo> {
  assertSomeField(input);
  await applyChange(actor, async (tx) => {
    const before = await requireRow(tx, id);
    await updatePriceOverride(tx, {
      id,
      modelPattern: input.model_pattern,
      provider: input.provider,
      inputNanos: input.input_per_million_usd,
      outputNanos: input.output_per_million_usd,
      cacheReadNanos: input.cache_read_per_million_usd,
      cacheWriteNanos: input.cache_write_per_million_usd,
      effectiveFrom: input.effective_from,
    });
    return {
      result: undefined,
      kind: "price",
      subjectId: id,
      action: "price.update",
      before: fieldsBefore(infoOf(before), input),
      after: describeInput(input),
    };
  });
  return await showPrice(actor, id);
}

export async function removePrice(actor: Actor, id: string): Promise<void> {
  await applyChange(actor, async (tx) => {
    const before = await requireRow(tx, id);
    await deletePriceOverride(tx, { id });
    return {
      result: undefined,
      kind: "price",
      subjectId: id,
      action: "price.delete",
      before: { ...infoOf(before) },
    };
  });
}

const UNPRICED_DAYS = 30;
const MAX_UNPRICED = 100;

/** Models that answered lately and have no price to this moment, the busiest first. */
export async function showUnpricedModels(_actor: Actor): Promise<UnpricedModel[]> {
  const span = quarterSpan(UNPRICED_DAYS * 24);
  const rows = await listUnpricedModels(getDb("console"), { ...span, limit: MAX_UNPRICED });
  const priced = new Set(
    [...currentSnapshot().deployments.values()]
      .filter((deployment) => deployment.price.state !== "unpriced")
      .map(({ provider, modelName }) => `${provider} ${modelName}`),
  );
  return rows.filter(({ provider, model }) => !priced.has(`${provider} ${model}`));
}
