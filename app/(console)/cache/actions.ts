"use server";

import { clearCache as clearEntries, removeCacheEntry } from "#lib/console/cache-entries.ts";
import { defineAction } from "#lib/console/define-action.ts";
import { changeSettings } from "#lib/console/settings.ts";
import { cacheClear } from "#lib/contract/cache.ts";
import { idParams } from "#lib/contract/params.ts";
import { cacheChange } from "#lib/contract/settings.ts";

export const saveCache = defineAction({
  can: "cache.set",
  input: cacheChange,
  run: ({ actor, input }) => changeSettings(actor, "cache", input),
});

export const deleteEntry = defineAction({
  can: "cache.clear",
  input: idParams,
  run: ({ actor, input }) => removeCacheEntry(actor, input.id),
});

export const clearCache = defineAction({
  can: "cache.clear",
  input: cacheClear,
  run: ({ actor, input }) => clearEntries(actor, input),
});
