import { z } from "zod";
import { usdOutput } from "./amounts.ts";
import { deploymentFields, deploymentName, providerId } from "./deployment-fields.ts";
import { testStep } from "./deployment-test.ts";
import { instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";
import { listQuery, queryFlag } from "./paging.ts";
import { idParams } from "./params.ts";
import { expectedVersion } from "./stale.ts";

/** Deployments: one model at one provider under one credential. */
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
    expected_version: expectedVersion,
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
  /** When it is worth its planned place again; null when it is now. */
  retry_at: instantOutput.nullable(),
  reason: z.string().nullable(),
});

export const deploymentInfo = z
  .object({
    id: z.uuid(),
    name: z.string(),
    provider: z.string(),
    model_name: z.string(),
    api_base: z.string().nullable().meta({
      description: "Null, like the settings and the key's ending, to those who may not change it.",
    }),
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
    version: z.int().meta({ description: "Raised by every edit." }),
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
    steps: z.array(testStep),
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
