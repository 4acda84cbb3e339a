import { exportKeys } from "#lib/console/api-key-export.ts";
import { defineIsland } from "#lib/console/define-island.ts";
import { keyExportQuery } from "#lib/contract/api-key-list.ts";

export const GET = defineIsland({
  can: "key.read",
  query: keyExportQuery,
  run: ({ actor, query: { user, q, ...rest } }) =>
    exportKeys(actor, { ...rest, owner: user, text: q }),
});
