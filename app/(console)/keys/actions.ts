"use server";

import { changeApiKeys } from "#lib/console/api-key-bulk.ts";
import { changeApiKey } from "#lib/console/api-key-changes.ts";
import { endApiKey, endApiKeyGrace } from "#lib/console/api-key-endings.ts";
import { defineAction } from "#lib/console/define-action.ts";
import { createKeyToReveal, rotateKeyToReveal } from "#lib/console/key-reveal.ts";
import {
  keyCreateInput,
  keyIdInput,
  keyRotateInput,
  keySwitchInput,
  keyUpdateInput,
} from "#lib/contract/api-key-console.ts";
import { keyBulk } from "#lib/contract/api-key-list.ts";

export const createKey = defineAction({
  can: "key.create",
  input: keyCreateInput,
  run: ({ actor, input }) => createKeyToReveal(actor, input),
});

export const updateKey = defineAction({
  can: "key.update",
  input: keyUpdateInput,
  run: ({ actor, input: { id, ...input } }) => changeApiKey(actor, id, input),
});

export const rotateKey = defineAction({
  can: "key.rotate",
  input: keyRotateInput,
  run: ({ actor, input }) => rotateKeyToReveal(actor, input),
});

export const endKeyGrace = defineAction({
  can: "key.rotate",
  input: keyIdInput,
  run: ({ actor, input }) => endApiKeyGrace(actor, input.id),
});

export const setKeyEnabled = defineAction({
  can: "key.update",
  input: keySwitchInput,
  run: ({ actor, input: { id, is_active } }) => changeApiKey(actor, id, { is_active }),
});

export const revokeKey = defineAction({
  can: "key.revoke",
  input: keyIdInput,
  run: ({ actor, input }) => endApiKey(actor, input.id),
});

export const bulkKeys = defineAction({
  can: "key.update",
  input: keyBulk,
  run: ({ actor, input }) => changeApiKeys(actor, input),
});
