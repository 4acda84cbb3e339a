import { type Principal, roleOf } from "#lib/auth/principal.ts";
import { type Action, type FieldActions, reachOf } from "#lib/catalog/roles.ts";
import { ConduitError } from "#lib/errors.ts";

/**
 * Whether a principal may take an action: the admin key all, a token those it names, a person those
 * of the highest role. On what it may be taken is the scope's question.
 */
export function mayTake(principal: Principal, action: Action): boolean {
  if (principal.kind === "user") {
    return reachOf(roleOf(principal), action) !== null;
  }
  return principal.kind === "admin_key" || principal.scopes.includes(action);
}

/** What is missing, in the words of whoever asks. */
function missing(principal: Principal, action: Action): string {
  return principal.kind === "user"
    ? `Your role does not allow ${action}.`
    : `This token does not have the scope ${action}.`;
}

/** Throws `permission_denied` (403) naming the action that is missing. */
export function assertAllowed(principal: Principal, action: Action): void {
  if (!mayTake(principal, action)) {
    throw new ConduitError("permission_denied", {
      message: missing(principal, action),
    });
  }
}

/** Throws `permission_denied` when the body holds a field that needs more than the route does. */
export function assertFieldsAllowed(
  principal: Principal,
  fields: FieldActions | undefined,
  body: unknown,
): void {
  if (fields === undefined || typeof body !== "object" || body === null) {
    return;
  }
  for (const [field, action] of Object.entries(fields)) {
    if (Object.hasOwn(body, field) && !mayTake(principal, action)) {
      throw new ConduitError("permission_denied", {
        message: `${missing(principal, action)} The field '${field}' needs it.`,
        param: field,
      });
    }
  }
}
