import { NEAR_PERCENT } from "#lib/contract/budget-levels.ts";
import type { BudgetNode, BudgetTreeQuery } from "#lib/contract/budget-tree.ts";

/**
 * The nodes in the order in which they are read: each below its parent, and among its siblings the
 * one that has used most of its limit first. A filter leaves the nodes that match, each once, as a
 * flat list; a group is none.
 */
export function arrangeBudgets(
  nodes: readonly BudgetNode[],
  query: Pick<BudgetTreeQuery, "level" | "condition" | "text">,
): BudgetNode[] {
  if (!isFiltered(query)) {
    return below(null, childrenOf(nodes));
  }
  const found = new Map(
    nodes
      .filter((node) => !node.is_group && matches(node, query))
      .map((node) => [`${node.level} ${node.subject_id}`, node]),
  );
  return [...found.values()].sort(byUse).map((node) => ({ ...node, parent: null, depth: 0 }));
}

function isFiltered({ level, condition, text }: Parameters<typeof arrangeBudgets>[1]): boolean {
  return (level?.length ?? 0) > 0 || condition !== undefined || (text ?? "") !== "";
}

function matches(
  node: BudgetNode,
  { level, condition, text }: Parameters<typeof arrangeBudgets>[1],
): boolean {
  return (
    (level === undefined || level.length === 0 || level.includes(node.level)) &&
    (condition === undefined || conditionOf(node) === condition) &&
    (text === undefined || node.name.toLowerCase().includes(text.toLowerCase()))
  );
}

/** Whether a limit is used up, nearly, or missing; `undefined` for one with room. */
function conditionOf({ budget }: BudgetNode): BudgetTreeQuery["condition"] {
  if (budget === null) {
    return "none";
  }
  if (budget.used_percent >= 100) {
    return "over";
  }
  const near = budget.soft_limit_percent ?? NEAR_PERCENT;
  return budget.used_percent >= near ? "near" : undefined;
}

function childrenOf(nodes: readonly BudgetNode[]): Map<string | null, BudgetNode[]> {
  return Map.groupBy(nodes, (node) => node.parent);
}

function below(parent: string | null, children: Map<string | null, BudgetNode[]>): BudgetNode[] {
  return (children.get(parent) ?? [])
    .sort(byUse)
    .flatMap((node) => [node, ...below(node.id, children)]);
}

function byUse(left: BudgetNode, right: BudgetNode): number {
  const use = (node: BudgetNode) => node.budget?.used_percent ?? -1;
  return use(right) - use(left) || left.name.localeCompare(right.name);
}
