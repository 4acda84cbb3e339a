import { tryCache } from "#lib/console/cache-trial.ts";
import { defineIsland } from "#lib/console/define-island.ts";
import { cacheTrial } from "#lib/contract/cache-console.ts";

export const POST = defineIsland({
  can: "cache.set",
  input: cacheTrial,
  run: ({ actor, input }) => tryCache(actor, input),
});
