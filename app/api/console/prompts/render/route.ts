import { defineIsland } from "#lib/console/define-island.ts";
import { renderDraft } from "#lib/console/prompt-render.ts";
import { promptDraft } from "#lib/contract/prompt-board.ts";

export const POST = defineIsland({
  can: "prompt.read",
  input: promptDraft,
  run: async ({ actor, input }) => renderDraft(actor, input),
});
