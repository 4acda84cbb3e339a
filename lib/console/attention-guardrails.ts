import type { RuleAction } from "#lib/contract/guardrail-verdict.ts";
import type { AttentionItem } from "#lib/contract/overview.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import type { Actor } from "./actor.ts";
import { showRuleStats } from "./guardrail-stats.ts";

/** The hour that is filling and the one before it. */
const HOURS = 2;
/** One slow answer in a hundred is no reason to look at a rule. */
const MANY_SHARE = 0.05;

/** Actions whose rule stops a request when it cannot say anything and is to fail closed. */
const STOPPING: ReadonlySet<RuleAction> = new Set(["block", "redact", "mask"]);

/** Rules whose checks fail: they are down, too slow, or answer nonsense. */
export async function failingRules(actor: Actor): Promise<AttentionItem[]> {
  const { rules } = currentSnapshot();
  if (rules.length === 0) {
    return [];
  }
  const stats = await showRuleStats(actor, { hours: HOURS });
  return rules.flatMap((rule) => {
    const sums = stats.rules.find(({ rule_id: id }) => id === rule.id);
    const ran = (sums?.runs ?? 0) - (sums?.skipped ?? 0);
    const failed = sums?.failed ?? 0;
    if (failed === 0 || failed < ran * MANY_SHARE) {
      return [];
    }
    const stops = rule.mode === "enforced" && rule.fail === "closed" && STOPPING.has(rule.action);
    const counts = `${failed.toLocaleString("en-US")} of ${ran.toLocaleString("en-US")} checks`;
    return [
      {
        id: `guardrail ${rule.id}`,
        level: stops ? ("danger" as const) : ("warning" as const),
        title: `${rule.name} cannot be checked`,
        detail: `${counts} failed lately. Those requests ${stops ? "are refused" : "pass unchecked"}.`,
        href: `/guardrails/${rule.id}`,
        action: "Open rule",
      },
    ];
  });
}
