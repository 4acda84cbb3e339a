import { getSecrets } from "#lib/auth/bootstrap.ts";
import type { RuleScope } from "#lib/contract/guardrail-rule.ts";
import { seal } from "#lib/crypto.ts";
import { getAlias } from "#lib/db/aliases.ts";
import { getApiKey } from "#lib/db/api-key-admin.ts";
import type { Db } from "#lib/db/client.ts";
import type { RuleSecret } from "#lib/db/guardrail-rules.ts";
import { originsIn, ruleSecretContext } from "#lib/db/snapshot-rules.ts";
import { getTeam } from "#lib/db/teams.ts";
import { ConduitError } from "#lib/errors.ts";
import { requireNamed } from "./found.ts";

/** Throws 400 for a scope that names a team, a key or an alias that does not exist. */
export async function assertScope(tx: Db, scope: RuleScope): Promise<void> {
  switch (scope.kind) {
    case "organization":
      return;
    case "team":
      requireNamed(await getTeam(tx, scope), { param: "scope.id", what: "team" });
      return;
    case "key":
      requireNamed(await getApiKey(tx, scope), { param: "scope.id", what: "key" });
      return;
    case "alias":
      requireNamed(await getAlias(tx, scope), { param: "scope.name", what: "alias" });
      return;
    default:
      return scope satisfies never;
  }
}

const SHOWN = 4;
/** Of a short secret even four characters would tell too much. */
const LEAST_LENGTH = 12;

/** Seals a secret for the one rule that may open it, and for the addresses in its config. */
export function sealRuleSecret(ruleId: string, config: unknown, secret: string): RuleSecret {
  return {
    sealed: seal(getSecrets().masterKeys, secret, ruleSecretContext(ruleId, config)),
    last4: secret.length < LEAST_LENGTH ? "" : secret.slice(-SHOWN),
  };
}

/**
 * Throws 400 when a stored secret would be sent to an address that it was not entered for: whoever
 * may edit a rule must not be able to have its secret told to them. It is sealed for all addresses
 * of the rule together, so one that is taken away needs it again too.
 */
export function assertSecretMayMove(move: { from: unknown; to: unknown }): void {
  if (originsIn(move.from).join() !== originsIn(move.to).join()) {
    throw new ConduitError("missing_required_parameter", {
      message: "'secret' is required: another address needs it again.",
      param: "secret",
    });
  }
}
