"use server";

import { z } from "zod";
import { changeAlias, createAlias as create, removeAlias } from "#lib/console/aliases.ts";
import { defineAction } from "#lib/console/define-action.ts";
import { aliasCreate, aliasUpdate } from "#lib/contract/alias.ts";

const name = z.string().min(1).max(256);

export const createAlias = defineAction({
  can: "alias.create",
  input: aliasCreate,
  run: ({ actor, input }) => create(actor, input),
});

export const updateAlias = defineAction({
  can: "alias.update",
  input: aliasUpdate.extend({ name }),
  run: ({ actor, input: { name: alias, ...change } }) => changeAlias(actor, alias, change),
});

export const deleteAlias = defineAction({
  can: "alias.delete",
  input: z.strictObject({ name }),
  run: ({ actor, input }) => removeAlias(actor, input.name),
});
