"use server";

import { z } from "zod";
import { defineAction } from "#lib/console/define-action.ts";

/** The export is a download, which cannot ask for a proof of identity: this asks before it. */
export const confirmExport = defineAction({
  can: "audit.export",
  stepUp: true,
  input: z.strictObject({}),
  run: async () => null,
});
