import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { changePrice, removePrice, showPrice } from "#lib/console/prices.ts";
import { idParams } from "#lib/contract/params.ts";
import { priceUpdate } from "#lib/contract/price.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "price.read",
    params: idParams,
    run: ({ actor, params }) => showPrice(actor, params.id),
  }),
  PATCH: defineRoute({
    can: "price.set",
    params: idParams,
    input: priceUpdate,
    run: ({ actor, params, input }) => changePrice(actor, params.id, input),
  }),
  DELETE: defineRoute({
    can: "price.set",
    params: idParams,
    run: ({ actor, params }) => removePrice(actor, params.id),
  }),
});
