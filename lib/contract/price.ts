import { z } from "zod";
import { PROVIDERS } from "../catalog/providers.ts";
import { usdInput, usdOutput } from "./amounts.ts";
import { instantInput, instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";
import { listQuery } from "./paging.ts";
import { idParams } from "./params.ts";

/** Prices that an administrator has set, before those of the built-in catalogue. */
const modelPattern = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^*\s]*\*?$/, "may hold one * at its end and no spaces")
  .meta({ description: "A model's name; `*` at its end stands for any ending." });

const provider = z
  .enum(Object.keys(PROVIDERS) as [string, ...string[]], {
    error: "must be a provider's id, or null for every provider",
  })
  .nullable();

export const priceCreate = z
  .strictObject({
    model_pattern: modelPattern,
    provider: provider.optional(),
    input_per_million_usd: usdInput,
    output_per_million_usd: usdInput,
    cache_read_per_million_usd: usdInput.nullable().optional().meta({
      description: "Null charges what input costs.",
    }),
    cache_write_per_million_usd: usdInput.nullable().optional().meta({
      description: "Null charges what input costs.",
    }),
    effective_from: instantInput.optional().meta({ description: "Now, when left out." }),
  })
  .meta({ id: "PriceCreate" });
export type PriceCreate = z.infer<typeof priceCreate>;

export const priceUpdate = priceCreate.partial().meta({ id: "PriceUpdate" });
export type PriceUpdate = z.infer<typeof priceUpdate>;

export const priceQuery = listQuery;
export type PriceQuery = z.infer<typeof priceQuery>;

export const priceInfo = z
  .object({
    id: z.uuid(),
    model_pattern: z.string(),
    provider: z.string().nullable(),
    input_per_million_usd: usdOutput,
    output_per_million_usd: usdOutput,
    cache_read_per_million_usd: usdOutput.nullable(),
    cache_write_per_million_usd: usdOutput.nullable(),
    effective_from: instantOutput,
    created_at: instantOutput,
  })
  .meta({ id: "Price" });
export type PriceInfo = z.infer<typeof priceInfo>;

const priceList = z.object({ prices: z.array(priceInfo), total: z.int() });

/** A model that answers requests whose cost nobody knows. */
export interface UnpricedModel {
  provider: string;
  model: string;
  /** Requests without a known cost in the last 30 days. */
  requests: number;
}

export const PRICE_OPERATIONS = adminOperations("Prices", [
  {
    method: "get",
    path: "/prices",
    id: "listPrices",
    scope: "price.read",
    summary: "List price overrides",
    query: priceQuery,
    answer: priceList,
  },
  {
    method: "post",
    path: "/prices",
    id: "createPrice",
    scope: "price.set",
    summary: "Set a model's price",
    description:
      "Applies to requests from then on. The most exact pattern wins, then a provider's own price, then the latest. A deployment's own price stands before it.",
    body: priceCreate,
    status: 201,
    answer: priceInfo,
  },
  {
    method: "get",
    path: "/prices/{id}",
    id: "getPrice",
    scope: "price.read",
    summary: "Show a price override",
    params: idParams,
    answer: priceInfo,
  },
  {
    method: "patch",
    path: "/prices/{id}",
    id: "updatePrice",
    scope: "price.set",
    summary: "Change a price override",
    params: idParams,
    body: priceUpdate,
    answer: priceInfo,
  },
  {
    method: "delete",
    path: "/prices/{id}",
    id: "deletePrice",
    scope: "price.set",
    summary: "Delete a price override",
    params: idParams,
    status: 204,
  },
]);
