import { ADMIN_TOKEN_OPERATIONS } from "./admin-token.ts";
import { ALIAS_OPERATIONS } from "./alias.ts";
import { ANALYTICS_OPERATIONS } from "./analytics.ts";
import { API_KEY_OPERATIONS } from "./api-key.ts";
import { AUDIT_OPERATIONS } from "./audit.ts";
import { BUDGET_OPERATIONS } from "./budget.ts";
import { CACHE_OPERATIONS } from "./cache.ts";
import { DEPLOYMENT_OPERATIONS } from "./deployment.ts";
import { GUARDRAIL_OPERATIONS } from "./guardrail.ts";
import { GUARDRAIL_STATS_OPERATIONS } from "./guardrail-stats.ts";
import { GUARDRAIL_TEST_OPERATIONS } from "./guardrail-test.ts";
import { HEALTH_OPERATIONS } from "./health.ts";
import { JOB_OPERATIONS } from "./job.ts";
import type { Operation } from "./operation.ts";
import { PAYLOAD_OPERATIONS } from "./payload.ts";
import { PRICE_OPERATIONS } from "./price.ts";
import { PROMPT_OPERATIONS } from "./prompt-operations.ts";
import { REQUEST_LOG_OPERATIONS } from "./request-log.ts";
import { SETTINGS_OPERATIONS } from "./settings.ts";
import { TEAM_OPERATIONS } from "./team.ts";
import { USER_OPERATIONS } from "./user.ts";

/** Every operation below `/admin/v1`, in the order in which they are shown. */
export const ADMIN_OPERATIONS: readonly Operation[] = [
  ...API_KEY_OPERATIONS,
  ...ADMIN_TOKEN_OPERATIONS,
  ...DEPLOYMENT_OPERATIONS,
  ...ALIAS_OPERATIONS,
  ...PRICE_OPERATIONS,
  ...PROMPT_OPERATIONS,
  ...CACHE_OPERATIONS,
  ...GUARDRAIL_OPERATIONS,
  ...GUARDRAIL_STATS_OPERATIONS,
  ...GUARDRAIL_TEST_OPERATIONS,
  ...TEAM_OPERATIONS,
  ...USER_OPERATIONS,
  ...BUDGET_OPERATIONS,
  ...REQUEST_LOG_OPERATIONS,
  ...PAYLOAD_OPERATIONS,
  ...ANALYTICS_OPERATIONS,
  ...AUDIT_OPERATIONS,
  ...SETTINGS_OPERATIONS,
  ...HEALTH_OPERATIONS,
  ...JOB_OPERATIONS,
];
