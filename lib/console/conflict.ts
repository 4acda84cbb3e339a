import { ConduitError } from "#lib/errors.ts";

/** Postgres' code for a row that would be the second of its kind. */
const UNIQUE_VIOLATION = "23505";

/** The constraints that a caller's own values can run into, and the field each is about. */
const CONFLICTS: Readonly<Record<string, { param: string; message: string }>> = {
  users_email_key: { param: "email", message: "A user with this address exists." },
  teams_name_key: { param: "name", message: "A team with this name exists." },
  deployments_name_key: { param: "name", message: "A deployment with this name exists." },
  aliases_name_key: { param: "name", message: "An alias with this name exists." },
  prompts_name_key: { param: "name", message: "A prompt with this name exists." },
  guardrail_rules_name_key: { param: "name", message: "A guardrail with this name exists." },
  team_members_team_id_user_id_pk: {
    param: "user_id",
    message: "This user is in the team already.",
  },
};

/** The 409 that a failed write stands for, or `undefined` when it failed for another reason. */
export function conflictOf(error: unknown): ConduitError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, constraint_name: constraint } = cause as {
      code?: unknown;
      constraint_name?: unknown;
    };
    const row = code === UNIQUE_VIOLATION ? CONFLICTS[String(constraint)] : undefined;
    if (row !== undefined) {
      return new ConduitError("conflict", { ...row, cause: error });
    }
  }
  return undefined;
}
