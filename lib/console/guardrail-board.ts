import type { GuardrailInfo } from "#lib/contract/guardrail.ts";
import type { RuleBoard, RuleBoardRow } from "#lib/contract/guardrail-form.ts";
import type { RuleScope } from "#lib/contract/guardrail-rule.ts";
import { getDb } from "#lib/db/client.ts";
import { getRule as getRuleRow } from "#lib/db/guardrail-rules.ts";
import { listLogNames, type SubjectName } from "#lib/db/log-names.ts";
import { getRule } from "#lib/guardrails/rules/index.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { showRuleStats } from "./guardrail-stats.ts";
import { ruleSeenBy, showRules } from "./guardrails.ts";
import { visibleTeams } from "./team-reach.ts";

/** More rules than anybody reads on one page; the admin API pages through them. */
const MOST_RULES = 200;
const HOURS = 24;

const NO_RUNS: RuleBoardRow["stats"] = {
  runs: 0,
  acted: 0,
  would_have: 0,
  failed: 0,
  skipped: 0,
  matches: 0,
  p95_ms: null,
};

/** Every rule in its order, with what it found in the last 24 hours. */
export async function showRuleBoard(actor: Actor): Promise<RuleBoard> {
  const { rules, total } = await showRules(actor, { limit: MOST_RULES, offset: 0 });
  return { hours: HOURS, rows: await withFigures(actor, rules), isWhole: rules.length === total };
}

/** One row of the board; `undefined` for a rule that does not exist. */
export async function findRuleRow(actor: Actor, id: string): Promise<RuleBoardRow | undefined> {
  const row = await getRuleRow(getDb("console"), { id });
  if (row === undefined) {
    return undefined;
  }
  const [found] = await withFigures(actor, [ruleSeenBy(actor, row)]);
  return found;
}

async function withFigures(actor: Actor, rules: readonly GuardrailInfo[]): Promise<RuleBoardRow[]> {
  const stats = await showRuleStats(actor, { hours: HOURS });
  const byRule = new Map(stats.rules.map(({ rule_id: id, ...sums }) => [id, sums]));
  const names = await namesOf(
    actor,
    rules.map(({ scope }) => scope),
  );
  return rules.map((rule) => ({
    rule,
    type_label: getRule(rule.type)?.label ?? rule.type,
    scope_name: nameOf(rule.scope, names),
    stats: byRule.get(rule.id) ?? NO_RUNS,
  }));
}

/** Everybody sees every rule, and names only of the teams and keys that one may see. */
async function namesOf(
  actor: Actor,
  scopes: readonly RuleScope[],
): Promise<Map<string, SubjectName>> {
  const idsOf = (kind: "team" | "key") =>
    scopes.flatMap((scope) => (scope.kind === kind ? [scope.id] : []));
  const visible = visibleTeams(actor);
  return await listLogNames(
    getDb("console"),
    {
      keyIds: idsOf("key"),
      teamIds: idsOf("team").filter((id) => visible?.includes(id) ?? true),
      userIds: [],
    },
    scopeOf(actor, "key.read"),
  );
}

/** A team or a key that is gone or out of reach is named by its id; the whole organisation has no name. */
function nameOf(scope: RuleScope, names: ReadonlyMap<string, SubjectName>): string | null {
  switch (scope.kind) {
    case "organization":
      return null;
    case "alias":
      return scope.name;
    case "team":
    case "key": {
      const known = names.get(scope.id);
      return known?.name ?? known?.hint ?? scope.id;
    }
    default:
      return scope satisfies never;
  }
}
