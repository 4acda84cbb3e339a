import type { GuardrailInfo, GuardrailOrder } from "#lib/contract/guardrail.ts";
import { lockRuleOrder, setRulePriorities } from "#lib/db/guardrail-rules.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";
import { applyChange } from "./change.ts";
import { PRIORITY_STEP, showRules } from "./guardrails.ts";

const MOST_RULES = 200;

/**
 * Puts all rules in an order. Throws `conflict` (409) when the list is not of the rules that there
 * are now: somebody has added or deleted one meanwhile.
 */
export async function reorderRules(
  actor: Actor,
  { ids }: GuardrailOrder,
): Promise<{ rules: GuardrailInfo[]; total: number }> {
  await applyChange(actor, async (tx) => {
    const before = await lockRuleOrder(tx);
    assertSameRules(
      before.map(({ id }) => id),
      ids,
    );
    await setRulePriorities(
      tx,
      ids.map((id, at) => ({ id, priority: (at + 1) * PRIORITY_STEP })),
    );
    const names = new Map(before.map(({ id, name }) => [id, name]));
    return {
      result: undefined,
      kind: "guardrail",
      subjectId: "order",
      action: "guardrail.reorder",
      before: { order: before.map(({ name }) => name) },
      after: { order: ids.map((id) => names.get(id)) },
    };
  });
  return await showRules(actor, { limit: MOST_RULES, offset: 0 });
}

function assertSameRules(known: readonly string[], asked: readonly string[]): void {
  const doubled = asked.find((id, at) => asked.indexOf(id) !== at);
  if (doubled !== undefined) {
    throw new ConduitError("invalid_value", {
      message: `'ids[${asked.lastIndexOf(doubled)}]' is in the list already.`,
      param: "ids",
    });
  }
  if (asked.length !== known.length || asked.some((id) => !known.includes(id))) {
    throw new ConduitError("conflict", {
      message: "'ids' has to name every rule once. The rules have changed: load them again.",
      param: "ids",
    });
  }
}
