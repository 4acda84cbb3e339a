import { adminTokens } from "./schema/admin-tokens.ts";
import { aliasMembers } from "./schema/alias-members.ts";
import { aliases } from "./schema/aliases.ts";
import { apiKeySecrets } from "./schema/api-key-secrets.ts";
import { apiKeys } from "./schema/api-keys.ts";
import { auditEvents } from "./schema/audit-events.ts";
import { budgetReservations } from "./schema/budget-reservations.ts";
import { budgets } from "./schema/budgets.ts";
import { cacheEntries } from "./schema/cache-entries.ts";
import { cacheLookups } from "./schema/cache-lookups.ts";
import { circuitEvents } from "./schema/circuit-events.ts";
import { configChanges } from "./schema/config-changes.ts";
import { configVersion } from "./schema/config-version.ts";
import { deploymentChecks } from "./schema/deployment-checks.ts";
import { deployments } from "./schema/deployments.ts";
import { guardrailRollup1h } from "./schema/guardrail-rollup-1h.ts";
import { guardrailRules } from "./schema/guardrail-rules.ts";
import { guardrailVerdicts } from "./schema/guardrail-verdicts.ts";
import { instances } from "./schema/instances.ts";
import { invites } from "./schema/invites.ts";
import { jobs } from "./schema/jobs.ts";
import { passwordResets } from "./schema/password-resets.ts";
import { playgroundSnapshots } from "./schema/playground-snapshots.ts";
import { priceOverrides } from "./schema/price-overrides.ts";
import { promptLabels } from "./schema/prompt-labels.ts";
import { promptVersions } from "./schema/prompt-versions.ts";
import { prompts } from "./schema/prompts.ts";
import { providerCredentials } from "./schema/provider-credentials.ts";
import { requestAttempts } from "./schema/request-attempts.ts";
import { requestLogs } from "./schema/request-logs.ts";
import { requestPayloads } from "./schema/request-payloads.ts";
import { savedViews } from "./schema/saved-views.ts";
import { sessions } from "./schema/sessions.ts";
import { settings } from "./schema/settings.ts";
import { signInFailures } from "./schema/sign-in-failures.ts";
import { teamMembers } from "./schema/team-members.ts";
import { teams } from "./schema/teams.ts";
import { usageRollup1h } from "./schema/usage-rollup-1h.ts";
import { usageRollup15m } from "./schema/usage-rollup-15m.ts";
import { userPrefs } from "./schema/user-prefs.ts";
import { users } from "./schema/users.ts";

/** Every table, for the client's types. Queries import the one table they need. */
export const tables = {
  adminTokens,
  aliases,
  aliasMembers,
  apiKeys,
  apiKeySecrets,
  auditEvents,
  budgetReservations,
  budgets,
  cacheEntries,
  cacheLookups,
  circuitEvents,
  configChanges,
  configVersion,
  deploymentChecks,
  deployments,
  guardrailRollup1h,
  guardrailRules,
  guardrailVerdicts,
  instances,
  invites,
  jobs,
  passwordResets,
  playgroundSnapshots,
  priceOverrides,
  promptLabels,
  prompts,
  promptVersions,
  providerCredentials,
  requestAttempts,
  requestLogs,
  requestPayloads,
  savedViews,
  sessions,
  settings,
  signInFailures,
  teamMembers,
  teams,
  usageRollup15m,
  usageRollup1h,
  userPrefs,
  users,
};
