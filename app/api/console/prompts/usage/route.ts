import { defineIsland } from "#lib/console/define-island.ts";
import { showPromptUsage } from "#lib/console/prompt-board.ts";
import { nameParams } from "#lib/contract/params.ts";

export const GET = defineIsland({
  can: "prompt.read",
  query: nameParams,
  run: async ({ actor, query }) => await showPromptUsage(actor, query.name),
});
