import type { RoutingStrategy } from "./snapshot.ts";

/** What decides how much of a group's traffic one of its members gets. */
export interface ShareMember {
  priority: number;
  weight: number;
  isActive: boolean;
}

/**
 * The share of a group's requests that each member is asked first, from 0 to 1, in the members'
 * order. `priority` asks only the lowest number among the active ones and lets weights decide
 * inside it; `weighted` knows no priorities. `null` where every request decides for itself, by cost
 * or latency. Weights that are all zero leave the first in place, as the planner does.
 */
export function sharesOf(
  strategy: RoutingStrategy,
  members: readonly ShareMember[],
): (number | null)[] {
  if (strategy === "lowest_cost" || strategy === "lowest_latency") {
    return members.map((member) => (member.isActive ? null : 0));
  }
  const active = members.filter((member) => member.isActive);
  const lowest = Math.min(...active.map((member) => member.priority));
  const level =
    strategy === "weighted" ? active : active.filter((member) => member.priority === lowest);
  const total = level.reduce((sum, member) => sum + member.weight, 0);
  return members.map((member) => {
    if (!level.includes(member)) {
      return 0;
    }
    return total === 0 ? Number(member === level[0]) : member.weight / total;
  });
}
