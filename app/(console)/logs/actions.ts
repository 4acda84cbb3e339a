"use server";

import { defineAction } from "#lib/console/define-action.ts";
import { deleteView, saveView } from "#lib/console/saved-views.ts";
import { savedViewId, savedViewInput } from "#lib/contract/saved-view.ts";

export const saveLogView = defineAction({
  can: "view.save",
  input: savedViewInput,
  run: ({ actor, input }) => saveView(actor, input),
});

export const deleteLogView = defineAction({
  can: "view.save",
  input: savedViewId,
  run: ({ actor, input }) => deleteView(actor, input.id),
});
