import type { Principal } from "#lib/auth/admin.ts";
import type { Action, FieldActions } from "#lib/catalog/roles.ts";
import { ConduitError } from "#lib/errors.ts";

/** Whether a principal may take an action. The admin key may take all; a token those it names. */
function mayTake(principal: Principal, action: Action): boolean {
  return principal.kind === "admin_key" || principal.scopes.includes(action);
}

/** Throws `permission_denied` (403) naming the action that is missing. */
export function assertAllowed(principal: Principal, action: Action): void {
  if (!mayTake(principal, action)) {
    throw new ConduitError("permission_denied", {
      message: `This token does not have the scope ${action}.`,
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
        message: `This token does not have the scope ${action}, which '${field}' needs.`,
        param: field,
      });
    }
  }
}
