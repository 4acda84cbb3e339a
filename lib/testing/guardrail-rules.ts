import { guardrailRules } from "#drizzle/schema/guardrail-rules.ts";
import { getSecrets } from "#lib/auth/bootstrap.ts";
import { seal } from "#lib/crypto.ts";
import { getDb } from "#lib/db/client.ts";
import { refreshSnapshot } from "#lib/db/snapshot.ts";
import { ruleSecretContext } from "#lib/db/snapshot-rules.ts";
import { newId } from "#lib/ids.ts";

type NewRule = Partial<typeof guardrailRules.$inferInsert> & { secret?: string | undefined };

/** Puts these rules, and no others, in force at once: later ones of the list run later. */
export async function setRules(...rules: readonly NewRule[]): Promise<string[]> {
  const rows = rules.map(({ secret, ...rule }, at) => {
    const id = newId();
    return {
      id,
      name: `rule ${at + 1}`,
      type: "pii" as const,
      stages: ["pre" as const],
      action: "block" as const,
      mode: "enforced" as const,
      priority: at + 1,
      config: {},
      ...(secret === undefined ? {} : secretColumns(secret, rule.config, id)),
      ...rule,
    };
  });
  await getDb().transaction(async (tx) => {
    await tx.delete(guardrailRules);
    if (rows.length > 0) {
      await tx.insert(guardrailRules).values(rows);
    }
  });
  await refreshSnapshot();
  return rows.map(({ id }) => id);
}

/** The columns of a rule of this config that has a secret, and the id that it is sealed for. */
export function secretColumns(secret: string, config: unknown = {}, id = newId()) {
  const context = ruleSecretContext(id, config);
  const { version, wrappedKey, box } = seal(getSecrets().masterKeys, secret, context);
  return { id, secretKeyVersion: version, secretWrappedKey: wrappedKey, secretBox: box };
}
