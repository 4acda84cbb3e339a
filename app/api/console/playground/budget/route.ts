import { defineIsland } from "#lib/console/define-island.ts";
import { showPlaygroundBudget } from "#lib/console/playground-grant.ts";
import { playgroundBudgetQuery } from "#lib/contract/playground.ts";

export const GET = defineIsland({
  can: "playground.use",
  query: playgroundBudgetQuery,
  run: ({ actor, query }) => showPlaygroundBudget(actor, { team_id: query.team_id ?? null }),
});
