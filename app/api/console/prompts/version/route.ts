import { defineIsland } from "#lib/console/define-island.ts";
import { findPromptPage } from "#lib/console/prompt-board.ts";
import { promptVersionQuery } from "#lib/contract/prompt-board.ts";

export const GET = defineIsland({
  can: "prompt.read",
  query: promptVersionQuery,
  run: async ({ actor, query }) =>
    (await findPromptPage(actor, query.name, query.version ?? null)) ?? null,
});
