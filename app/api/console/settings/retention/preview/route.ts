import { defineIsland } from "#lib/console/define-island.ts";
import { previewRetention } from "#lib/console/retention.ts";
import { retentionPreviewQuery } from "#lib/contract/retention.ts";

export const GET = defineIsland({
  can: "retention.set",
  query: retentionPreviewQuery,
  run: ({ actor, query }) => previewRetention(actor, query),
});
