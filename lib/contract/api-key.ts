import { z } from "zod";
import { instantInput, instantOutput } from "./instants.ts";
import { budgetInput, budgetOutput, modelNames, rateInput, rateOutput } from "./limit-fields.ts";
import { adminOperations } from "./operation.ts";
import { listQuery, queryFlag } from "./paging.ts";
import { idParams } from "./params.ts";
import { expectedVersion } from "./stale.ts";
import { emailAddress } from "./user.ts";

/** Virtual keys: what callers of `/v1` carry. */
const cidr = z.union([z.cidrv4(), z.cidrv6()], "must be a network such as 10.0.0.0/8");

/** Names of tags that only the gateway gives begin so: they tell its own requests from callers'. */
export const OWN_TAGS = "conduit.";

const keyFields = {
  alias: z.string().trim().min(1).max(80).nullable().optional().meta({
    description: "A name for people.",
  }),
  note: z.string().trim().max(1_000).nullable().optional().meta({
    description: "What the key is for, in a few words.",
  }),
  team_id: z.uuid().nullable().optional().meta({
    description: "The team whose limits and models also apply.",
  }),
  allowed_models: modelNames.nullable().optional().meta({
    description: "Models that the key may ask for; `null` is every one.",
  }),
  ...budgetInput,
  ...rateInput,
  expires_in_days: z.number().positive().max(36_500).optional(),
  expires_at: instantInput.nullable().optional(),
  allowed_cidrs: z.array(cidr).min(1).max(100).nullable().optional().meta({
    description: "Networks that the key may be used from; `null` is every one.",
  }),
  tags: z
    .record(z.string().min(1).max(64), z.string().max(256))
    .refine((tags) => Object.keys(tags).length <= 50, "must not have more than 50 entries")
    .refine(
      (tags) => !Object.keys(tags).some((name) => name.startsWith(OWN_TAGS)),
      `must not have names that begin with "${OWN_TAGS}", which are the gateway's own`,
    )
    .optional()
    .meta({ description: "Labels that every request of the key carries." }),
  coalesce: z.boolean().optional().meta({
    description: "Whether identical requests in flight at once share one call of the provider.",
  }),
};

export const apiKeyCreate = z
  .strictObject({
    user_email: emailAddress.meta({
      description: "The owner. An address that is not known yet becomes a member.",
    }),
    ...keyFields,
  })
  .meta({ id: "ApiKeyCreate" });
export type ApiKeyCreate = z.infer<typeof apiKeyCreate>;

export const apiKeyUpdate = z
  .strictObject({
    ...keyFields,
    is_active: z.boolean().optional(),
    expected_version: expectedVersion,
  })
  .meta({ id: "ApiKeyUpdate" });
export type ApiKeyUpdate = z.infer<typeof apiKeyUpdate>;

export const apiKeyRotate = z
  .strictObject({
    grace_seconds: z.int().min(0).max(2_592_000).default(86_400).meta({
      description: "How long the old secret stays valid; 0 ends it now.",
    }),
  })
  .meta({ id: "ApiKeyRotate" });
export type ApiKeyRotate = z.infer<typeof apiKeyRotate>;

/** What a key is at the moment, worst first. */
const API_KEY_STATUSES = ["revoked", "disabled", "expired", "active"] as const;
const apiKeyStatus = z.enum(API_KEY_STATUSES);

export const apiKeyQuery = listQuery.extend({
  user_id: z.uuid().optional(),
  user_email: emailAddress.optional(),
  team_id: z.uuid().optional(),
  alias: z.string().min(1).max(80).optional(),
  status: apiKeyStatus.optional(),
  include_revoked: queryFlag.default(false).meta({
    description: "Whether revoked keys are listed too.",
  }),
});
export type ApiKeyQuery = z.infer<typeof apiKeyQuery>;

export const apiKeyInfo = z
  .object({
    id: z.uuid(),
    key_prefix: z.string(),
    alias: z.string().nullable(),
    note: z.string().nullable(),
    user_id: z.uuid(),
    user_email: z.string(),
    team_id: z.uuid().nullable(),
    team_name: z.string().nullable(),
    allowed_models: z.array(z.string()).nullable(),
    ...budgetOutput,
    ...rateOutput,
    allowed_cidrs: z.array(z.string()).nullable(),
    tags: z.record(z.string(), z.string()),
    coalesce: z.boolean(),
    is_active: z.boolean(),
    status: apiKeyStatus,
    expires_at: instantOutput.nullable(),
    last_used_at: instantOutput.nullable(),
    grace_until: instantOutput.nullable().meta({
      description: "Until when the secret before the last rotation is accepted.",
    }),
    version: z.int().meta({ description: "Raised by every edit." }),
    created_at: instantOutput,
  })
  .meta({ id: "ApiKey" });
export type ApiKeyInfo = z.infer<typeof apiKeyInfo>;

/** The only answer that carries a secret; it is not shown again. */
export const apiKeyCreated = z
  .object({
    key: z.string().meta({ description: "The secret. It is shown this once." }),
    key_prefix: z.string(),
    id: z.uuid(),
    alias: z.string().nullable(),
    created_at: instantOutput,
  })
  .meta({ id: "ApiKeyCreated" });
export type ApiKeyCreated = z.infer<typeof apiKeyCreated>;

export const apiKeyRotated = apiKeyCreated
  .extend({
    previous_valid_until: instantOutput.meta({
      description: "Until when the old secret is accepted.",
    }),
  })
  .meta({ id: "ApiKeyRotated" });
export type ApiKeyRotated = z.infer<typeof apiKeyRotated>;

const apiKeyList = z.object({ keys: z.array(apiKeyInfo), total: z.int() });

export const API_KEY_OPERATIONS = adminOperations("Keys", [
  {
    method: "get",
    path: "/keys",
    id: "listKeys",
    scope: "key.read",
    summary: "List keys",
    query: apiKeyQuery,
    answer: apiKeyList,
  },
  {
    method: "post",
    path: "/keys",
    id: "createKey",
    scope: "key.create",
    summary: "Create a key",
    description: "The secret is in this answer and nowhere else.",
    body: apiKeyCreate,
    status: 201,
    answer: apiKeyCreated,
  },
  {
    method: "get",
    path: "/keys/{id}",
    id: "getKey",
    scope: "key.read",
    summary: "Show a key",
    params: idParams,
    answer: apiKeyInfo,
  },
  {
    method: "patch",
    path: "/keys/{id}",
    id: "updateKey",
    scope: "key.update",
    summary: "Change a key",
    params: idParams,
    body: apiKeyUpdate,
    answer: apiKeyInfo,
  },
  {
    method: "delete",
    path: "/keys/{id}",
    id: "revokeKey",
    scope: "key.revoke",
    summary: "Revoke a key for good",
    params: idParams,
    status: 204,
  },
  {
    method: "post",
    path: "/keys/{id}/rotate",
    id: "rotateKey",
    scope: "key.rotate",
    summary: "Give a key a new secret",
    description: "The old secret stays valid for `grace_seconds`.",
    params: idParams,
    body: apiKeyRotate,
    answer: apiKeyRotated,
  },
]);
