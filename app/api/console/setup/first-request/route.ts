import { z } from "zod";
import { defineIsland } from "#lib/console/define-island.ts";
import { showFirstRequestOf } from "#lib/console/first-request.ts";

export const GET = defineIsland({
  can: "key.read",
  query: z.strictObject({ key: z.uuid() }),
  run: ({ actor, query }) => showFirstRequestOf(actor, query.key),
});
