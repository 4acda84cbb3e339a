import { z } from "zod";
import { PROVIDER_ALIASES, PROVIDERS, type ProviderId } from "../catalog/providers.ts";
import { usdInput, usdOutput } from "./amounts.ts";
import { instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";
import { listQuery, queryFlag } from "./paging.ts";
import { idParams } from "./params.ts";

/** Deployments: one model at one provider under one credential. */
const PROVIDER_NAMES = [...Object.keys(PROVIDERS), ...Object.keys(PROVIDER_ALIASES)];

const providerId = z
  .enum(PROVIDER_NAMES as [string, ...string[]], {
    error: `must be one of ${PROVIDER_NAMES.join(", ")}`,
  })
  .transform((name) => (PROVIDER_ALIASES[name] ?? name) as ProviderId);

const deploymentName = z
  .string()
  .max(64)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]*$/,
    "must begin with a letter or digit and hold only letters, digits and . _ : -",
  );

/** A header value: anything outside printable ASCII would be refused when the call is made. */
const upstreamKey = z
  .string()
  .min(1)
  .max(8192)
  .regex(/^[\x21-\x7e]+$/, "must not contain spaces or control characters");

const perMinute = z.int().min(1).max(1_000_000_000).nullable().optional();

const deploymentFields = {
  api_base: z.string().min(1).max(2048).nullable().optional().meta({
    description:
      "The provider's base URL, with or without its version segment; the provider's own by default.",
  }),
  api_key: upstreamKey.nullable().optional().meta({
    description: "The provider's key. Write-only; `null` removes it.",
  }),
  priority: z.int().min(1).max(1000).optional().meta({ description: "Lower goes first. 1." }),
  weight: z.int().min(0).max(1_000_000).optional().meta({
    description: "Share of the traffic among equal priorities. 100.",
  }),
  is_active: z.boolean().optional(),
  timeout_ms: z.int().min(1).max(3_600_000).nullable().optional(),
  max_rpm: perMinute,
  max_tpm: perMinute,
  tags: z.array(z.string().min(1).max(64)).max(50).optional(),
  settings: z
    .record(z.string(), z.union([z.string().max(2048), z.number(), z.boolean()]))
    .optional()
    .meta({ description: "What this provider also needs, such as an API version." }),
  input_price_per_million_usd: usdInput.nullable().optional(),
  output_price_per_million_usd: usdInput.nullable().optional(),
  allow_dropping_unsupported_fields: z.boolean().optional().meta({
    description: "Leave out fields that the provider cannot take instead of refusing the request.",
  }),
};

export const deploymentCreate = z
  .strictObject({
    name: deploymentName,
    provider: providerId,
    model_name: z.string().min(1).max(256),
    ...deploymentFields,
  })
  .meta({ id: "DeploymentCreate" });
export type DeploymentCreate = z.infer<typeof deploymentCreate>;

export const deploymentUpdate = z
  .strictObject({
    name: deploymentName.optional(),
    model_name: z.string().min(1).max(256).optional(),
    ...deploymentFields,
  })
  .meta({ id: "DeploymentUpdate" });
export type DeploymentUpdate = z.infer<typeof deploymentUpdate>;

export const deploymentQuery = listQuery.extend({
  provider: z.string().min(1).max(64).optional(),
  model_name: z.string().min(1).max(256).optional(),
  name: z.string().min(1).max(64).optional(),
  is_active: queryFlag.optional(),
});
export type DeploymentQuery = z.infer<typeof deploymentQuery>;

const deploymentHealth = z.object({
  state: z.enum(["closed", "open", "half_open"]),
  since: instantOutput.nullable(),
  reason: z.string().nullable(),
});

export const deploymentInfo = z
  .object({
    id: z.uuid(),
    name: z.string(),
    provider: z.string(),
    model_name: z.string(),
    api_base: z.string().nullable(),
    api_key: z.object({ set: z.boolean(), last4: z.string().nullable() }),
    priority: z.int(),
    weight: z.int(),
    is_active: z.boolean(),
    timeout_ms: z.int().nullable(),
    max_rpm: z.int().nullable(),
    max_tpm: z.int().nullable(),
    tags: z.array(z.string()),
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    input_price_per_million_usd: usdOutput.nullable(),
    output_price_per_million_usd: usdOutput.nullable(),
    price_state: z.enum(["priced", "free", "unpriced"]).nullable().meta({
      description: "Whether the cost of a call is known. Unknown is not zero.",
    }),
    allow_dropping_unsupported_fields: z.boolean(),
    health: deploymentHealth,
    created_at: instantOutput,
    updated_at: instantOutput,
  })
  .meta({ id: "Deployment" });
export type DeploymentInfo = z.infer<typeof deploymentInfo>;

const deploymentList = z.object({ deployments: z.array(deploymentInfo), total: z.int() });

export const deploymentTestResult = z
  .object({
    ok: z.boolean(),
    status: z.int().nullable(),
    latency_ms: z.number(),
    model: z.string().nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: "DeploymentTest" });
export type DeploymentTestResult = z.infer<typeof deploymentTestResult>;

export const DEPLOYMENT_OPERATIONS = adminOperations("Deployments", [
  {
    method: "get",
    path: "/models/deployments",
    id: "listDeployments",
    scope: "deployment.read",
    summary: "List deployments",
    query: deploymentQuery,
    answer: deploymentList,
  },
  {
    method: "post",
    path: "/models/deployments",
    id: "createDeployment",
    scope: "deployment.create",
    summary: "Register a model of a provider",
    body: deploymentCreate,
    status: 201,
    answer: deploymentInfo,
  },
  {
    method: "get",
    path: "/models/deployments/{id}",
    id: "getDeployment",
    scope: "deployment.read",
    summary: "Show a deployment",
    params: idParams,
    answer: deploymentInfo,
  },
  {
    method: "patch",
    path: "/models/deployments/{id}",
    id: "updateDeployment",
    scope: "deployment.update",
    summary: "Change a deployment",
    description: "An `api_base` of another origin needs `api_key` again.",
    params: idParams,
    body: deploymentUpdate,
    answer: deploymentInfo,
  },
  {
    method: "delete",
    path: "/models/deployments/{id}",
    id: "deleteDeployment",
    scope: "deployment.delete",
    summary: "Delete a deployment",
    params: idParams,
    status: 204,
  },
  {
    method: "post",
    path: "/models/deployments/{id}/test",
    id: "testDeployment",
    scope: "deployment.test",
    summary: "Make one tiny call",
    description:
      "A failed call is a success of this operation: `ok` is false and `error` says why.",
    params: idParams,
    answer: deploymentTestResult,
  },
]);
