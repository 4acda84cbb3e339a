import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { createPrice, showPrices } from "#lib/console/prices.ts";
import { priceCreate, priceQuery } from "#lib/contract/price.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "price.read",
    query: priceQuery,
    run: ({ actor, query }) => showPrices(actor, query),
  }),
  POST: defineRoute({
    can: "price.set",
    input: priceCreate,
    status: 201,
    run: ({ actor, input }) => createPrice(actor, input),
  }),
});
