"use server";

import { z } from "zod";
import { defineAction } from "#lib/console/define-action.ts";
import { askIssuer, changeSso, removeSso as deleteSso, enforceSso } from "#lib/console/sso.ts";
import { issuerInput, ssoChange, ssoEnforcement } from "#lib/contract/sso.ts";

export const discoverIssuer = defineAction({
  can: "sso.set",
  input: issuerInput,
  run: ({ input }) => askIssuer(input),
});

export const saveSso = defineAction({
  can: "sso.set",
  stepUp: true,
  input: ssoChange,
  run: ({ actor, input }) => changeSso(actor, input),
});

export const saveEnforcement = defineAction({
  can: "sso.set",
  stepUp: true,
  input: ssoEnforcement,
  run: ({ actor, input }) => enforceSso(actor, input),
});

export const removeSso = defineAction({
  can: "sso.set",
  stepUp: true,
  input: z.strictObject({}),
  run: ({ actor }) => deleteSso(actor),
});
