import { z } from "zod";
import { OUTCOME_LABELS, OUTCOMES } from "../catalog/outcomes.ts";
import { usdInput, usdOutput } from "./amounts.ts";
import { GUARDRAIL_RESULTS } from "./guardrail-verdict.ts";
import { instantOrDayInput, instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";
import { oneOrMany, pageCursor, pageLimit, queryFlag, requestId } from "./paging.ts";
import { requestParams } from "./params.ts";
import { ruleVerdict } from "./rule-verdict.ts";

/** Requests as they were logged: a list by keyset, and one with its attempts. */
const name = z.string().min(1).max(256);
const outcome = z.enum(OUTCOMES);

const statusCode = z.coerce
  .number("must be an HTTP status")
  .int()
  .min(100, "must be an HTTP status")
  .max(599, "must be an HTTP status");

const milliseconds = z.coerce.number("must be a number").min(0).max(1_000_000_000);

export const requestLogQuery = z.strictObject({
  limit: pageLimit,
  cursor: pageCursor.optional(),
  from: instantOrDayInput.optional().meta({ description: "From this time on." }),
  to: instantOrDayInput.optional().meta({ description: "Before this time." }),
  request_id: requestId.optional(),
  key_id: oneOrMany(z.uuid()).optional(),
  user_id: oneOrMany(z.uuid()).optional(),
  team_id: oneOrMany(z.uuid()).optional(),
  model: oneOrMany(name).optional().meta({
    description: "The model that was asked for.",
  }),
  alias: oneOrMany(name).optional(),
  provider: oneOrMany(name).optional(),
  deployment: oneOrMany(name).optional().meta({ description: "A deployment's name or id." }),
  outcome: oneOrMany(outcome).optional(),
  guardrail: oneOrMany(z.enum(GUARDRAIL_RESULTS)).optional().meta({
    description: "What guardrails made of it, all verdicts in one word.",
  }),
  rule_id: oneOrMany(z.uuid()).optional().meta({
    description: "A guardrail rule that found something in it.",
  }),
  status: statusCode.optional(),
  error_code: oneOrMany(name).optional(),
  stream: queryFlag.optional(),
  fallback: queryFlag.optional().meta({ description: "Whether more than one attempt was made." }),
  unpriced: queryFlag.optional(),
  session: name.optional(),
  prompt: oneOrMany(name).optional().meta({
    description: "The managed prompt that the messages were made from.",
  }),
  tag: z
    .string()
    .regex(/^[^=]+=.*$/, "must be written as name=value")
    .max(512)
    .optional(),
  min_latency_ms: milliseconds.optional(),
  min_ttft_ms: milliseconds.optional(),
  min_cost_usd: usdInput.optional(),
});
export type RequestLogQuery = z.infer<typeof requestLogQuery>;

const tokenCounts = z.object({
  input: z.int(),
  cache_read: z.int(),
  cache_write_5m: z.int(),
  cache_write_1h: z.int(),
  output: z.int(),
  reasoning: z.int(),
  audio_in: z.int(),
  audio_out: z.int(),
});

const logFields = {
  id: z.uuid(),
  created_at: instantOutput,
  key_id: z.uuid(),
  key_name: z.string().nullable(),
  key_prefix: z.string().nullable().meta({ description: "What may be shown of the key." }),
  user_id: z.uuid(),
  user_email: z.string().nullable(),
  team_id: z.uuid().nullable(),
  team_name: z.string().nullable(),
  endpoint: z.string(),
  model_asked: z.string(),
  alias: z.string().nullable(),
  model: z.string().nullable(),
  provider: z.string().nullable(),
  deployment_id: z.uuid().nullable(),
  deployment: z.string().nullable(),
  status: z.int(),
  outcome,
  label: z.string().meta({ description: "The outcome and error code in words." }),
  label_id: z.enum(OUTCOME_LABELS.map(({ id }) => id)),
  error_code: z.string().nullable(),
  tokens: tokenCounts,
  cost_usd: usdOutput,
  price_state: z.enum(["priced", "free", "unpriced", "none"]),
  latency_ms: z.number(),
  ttft_ms: z.number().nullable(),
  overhead_ms: z.number(),
  attempts: z.int(),
  stream: z.boolean(),
  cache: z.string(),
  saved_usd: usdOutput.meta({ description: "What the stored answer that was given had cost." }),
  cache_source_id: z.uuid().nullable().meta({
    description: "The request whose stored answer was given.",
  }),
  cache_similarity: z.number().nullable().meta({
    description: "How near its question was, 0 to 1; null for the very same one.",
  }),
  guardrail: z.enum(GUARDRAIL_RESULTS).nullable().meta({
    description: "All verdicts of guardrails in one word; null when no rule applied.",
  }),
  prompt: z.string().nullable().meta({ description: "The managed prompt, if one was named." }),
  prompt_version: z.int().nullable(),
  tags: z.record(z.string(), z.string()),
  session: z.string().nullable(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
};

export const requestLogInfo = z.object(logFields).meta({ id: "RequestLog" });
export type RequestLogInfo = z.infer<typeof requestLogInfo>;

export const requestLogPage = z.object({
  logs: z.array(requestLogInfo),
  next_cursor: z.string().nullable().meta({ description: "Absent on the last page." }),
});
export type RequestLogPage = z.infer<typeof requestLogPage>;

const requestAttempt = z.object({
  deployment_id: z.uuid(),
  deployment: z.string(),
  provider: z.string(),
  status: z.int().nullable(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  started_at: instantOutput,
  duration_ms: z.number(),
  ended: z.string(),
  cost_usd: usdOutput,
});

export const requestLogDetail = z
  .object({
    ...logFields,
    dialect: z.string(),
    error_message: z.string().nullable(),
    tokens_estimated: z.boolean(),
    price_snapshot: z.record(z.string(), z.string()).nullable(),
    adjusted: z.array(z.string()),
    attempt_list: z.array(requestAttempt),
    verdict_list: z.array(ruleVerdict),
  })
  .meta({ id: "RequestLogDetail" });
export type RequestLogDetail = z.infer<typeof requestLogDetail>;

export const REQUEST_LOG_OPERATIONS = adminOperations("Observe", [
  {
    method: "get",
    path: "/logs",
    id: "listLogs",
    scope: "log.read",
    summary: "List log entries, newest first",
    query: requestLogQuery,
    answer: requestLogPage,
  },
  {
    method: "get",
    path: "/logs/{id}",
    id: "getLog",
    scope: "log.read",
    summary: "Show a log entry and its attempts",
    params: requestParams,
    answer: requestLogDetail,
  },
]);
