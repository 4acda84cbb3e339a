import { z } from "zod";
import { usdOutput } from "./amounts.ts";
import { instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";
import { listQuery } from "./paging.ts";
import { nameParams } from "./params.ts";
import { expectedVersion } from "./stale.ts";

/** Aliases: a name that requests ask for, and the deployments that may answer it. */
const routingStrategy = z.enum(["priority", "weighted", "lowest_cost", "lowest_latency"]);

const aliasName = z
  .string()
  .max(256)
  .regex(/^[\x21-\x7e]+$/, "must hold only printable characters and no spaces");

const memberInput = z.strictObject({
  deployment: z.string().min(1).max(64).meta({ description: "A deployment's name or id." }),
  priority: z.int().min(1).max(1000).default(1),
  weight: z.int().min(0).max(1_000_000).default(100),
});

const aliasFields = {
  strategy: routingStrategy.optional(),
  max_attempts: z.int().min(1).max(10).nullable().optional().meta({
    description: "Attempts on all targets together; `null` is the gateway's default.",
  }),
  fallbacks: z.array(z.string().min(1).max(256)).max(20).optional().meta({
    description: "Aliases, models or deployments to try when every member has failed, in order.",
  }),
  timeout_ms: z.int().min(1).max(3_600_000).nullable().optional(),
};

const members = z.array(memberInput).min(1).max(200);

export const aliasCreate = z
  .strictObject({ name: aliasName, members, ...aliasFields })
  .meta({ id: "AliasCreate" });
export type AliasCreate = z.infer<typeof aliasCreate>;

export const aliasUpdate = z
  .strictObject({ members: members.optional(), ...aliasFields, expected_version: expectedVersion })
  .meta({ id: "AliasUpdate" });
export type AliasUpdate = z.infer<typeof aliasUpdate>;

export const aliasQuery = listQuery;
export type AliasQuery = z.infer<typeof aliasQuery>;

export const aliasInfo = z
  .object({
    name: z.string(),
    strategy: routingStrategy,
    max_attempts: z.int().nullable(),
    fallbacks: z.array(z.string()),
    timeout_ms: z.int().nullable(),
    members: z.array(
      z.object({
        deployment_id: z.uuid(),
        deployment: z.string(),
        is_active: z.boolean(),
        priority: z.int(),
        weight: z.int(),
      }),
    ),
    version: z.int().meta({ description: "Raised by every edit." }),
    created_at: instantOutput,
    updated_at: instantOutput,
  })
  .meta({ id: "Alias" });
export type AliasInfo = z.infer<typeof aliasInfo>;

const aliasList = z.object({ aliases: z.array(aliasInfo), total: z.int() });

export const aliasSimulate = z
  .strictObject({
    key_id: z.uuid().optional().meta({ description: "Plan as for this key." }),
    seed: z.int().min(0).max(4_294_967_295).default(0).meta({
      description: "Fixes the draw of weighted choices, so that a plan can be repeated.",
    }),
    input_tokens: z.int().min(0).max(10_000_000).default(1000).meta({
      description: "The size of the request that costs are estimated for.",
    }),
    output_tokens: z.int().min(0).max(10_000_000).default(1000),
    pretend_open: z.array(z.string().min(1).max(64)).max(200).default([]).meta({
      description: "Deployments, by name or id, to plan for as if their circuit were open.",
    }),
  })
  .meta({ id: "AliasSimulate" });
export type AliasSimulate = z.infer<typeof aliasSimulate>;

export const aliasPlan = z
  .object({
    alias: z.string().nullable(),
    max_attempts: z.int(),
    targets: z.array(
      z.object({
        deployment_id: z.uuid(),
        deployment: z.string(),
        provider: z.string(),
        model: z.string(),
        reason: z.string(),
        health: z.enum(["closed", "open", "half_open"]),
        resting: z.string().nullable().meta({
          description: "Why it is asked only when nobody better is left; null when it is ready.",
        }),
        estimated_cost_usd: usdOutput.nullable().meta({ description: "Null without a price." }),
      }),
    ),
    skipped: z.array(z.object({ deployment: z.string(), reason: z.string() })).meta({
      description: "Members that would not be asked at all, and why.",
    }),
  })
  .meta({ id: "AliasPlan" });
export type AliasPlan = z.infer<typeof aliasPlan>;

export const ALIAS_OPERATIONS = adminOperations("Aliases", [
  {
    method: "get",
    path: "/aliases",
    id: "listAliases",
    scope: "alias.read",
    summary: "List aliases",
    query: aliasQuery,
    answer: aliasList,
  },
  {
    method: "post",
    path: "/aliases",
    id: "createAlias",
    scope: "alias.create",
    summary: "Create an alias",
    body: aliasCreate,
    status: 201,
    answer: aliasInfo,
  },
  {
    method: "get",
    path: "/aliases/{name}",
    id: "getAlias",
    scope: "alias.read",
    summary: "Show an alias",
    params: nameParams,
    answer: aliasInfo,
  },
  {
    method: "patch",
    path: "/aliases/{name}",
    id: "updateAlias",
    scope: "alias.update",
    summary: "Change an alias",
    params: nameParams,
    body: aliasUpdate,
    answer: aliasInfo,
  },
  {
    method: "delete",
    path: "/aliases/{name}",
    id: "deleteAlias",
    scope: "alias.delete",
    summary: "Delete an alias",
    params: nameParams,
    status: 204,
  },
  {
    method: "post",
    path: "/aliases/{name}/simulate",
    id: "simulateAlias",
    scope: "alias.simulate",
    summary: "Show who would be asked, in which order",
    description: "Nothing is called.",
    params: nameParams,
    body: aliasSimulate,
    answer: aliasPlan,
  },
]);
