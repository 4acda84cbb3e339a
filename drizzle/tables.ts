import { adminTokens } from "./schema/admin-tokens.ts";
import { aliasMembers } from "./schema/alias-members.ts";
import { aliases } from "./schema/aliases.ts";
import { apiKeySecrets } from "./schema/api-key-secrets.ts";
import { apiKeys } from "./schema/api-keys.ts";
import { auditEvents } from "./schema/audit-events.ts";
import { budgetReservations } from "./schema/budget-reservations.ts";
import { budgets } from "./schema/budgets.ts";
import { configChanges } from "./schema/config-changes.ts";
import { configVersion } from "./schema/config-version.ts";
import { deployments } from "./schema/deployments.ts";
import { providerCredentials } from "./schema/provider-credentials.ts";
import { requestAttempts } from "./schema/request-attempts.ts";
import { requestLogs } from "./schema/request-logs.ts";
import { settings } from "./schema/settings.ts";
import { teamMembers } from "./schema/team-members.ts";
import { teams } from "./schema/teams.ts";
import { usageRollup15m } from "./schema/usage-rollup-15m.ts";
import { users } from "./schema/users.ts";

/** Every table, for the client's types. Queries import the one table they need. */
export const tables = {
  adminTokens,
  aliasMembers,
  aliases,
  apiKeySecrets,
  apiKeys,
  auditEvents,
  budgetReservations,
  budgets,
  configChanges,
  configVersion,
  deployments,
  providerCredentials,
  requestAttempts,
  requestLogs,
  settings,
  teamMembers,
  teams,
  usageRollup15m,
  users,
};
