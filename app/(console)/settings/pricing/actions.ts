"use server";

import { z } from "zod";
import { defineAction } from "#lib/console/define-action.ts";
import { changePrice, createPrice as create, removePrice } from "#lib/console/prices.ts";
import { priceCreate, priceUpdate } from "#lib/contract/price.ts";

const id = z.uuid();

export const createPrice = defineAction({
  can: "price.set",
  input: priceCreate,
  run: ({ actor, input }) => create(actor, input),
});

export const updatePrice = defineAction({
  can: "price.set",
  input: priceUpdate.extend({ id }),
  run: ({ actor, input: { id: priceId, ...change } }) => changePrice(actor, priceId, change),
});

export const deletePrice = defineAction({
  can: "price.set",
  input: z.strictObject({ id }),
  run: ({ actor, input }) => removePrice(actor, input.id),
});
