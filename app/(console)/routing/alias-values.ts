import type { AliasInfo } from "#lib/contract/alias.ts";
import type { RoutingStrategy } from "#lib/contract/snapshot.ts";

export interface MemberValues {
  deployment_id: string;
  deployment: string;
  priority: string;
  weight: string;
}

/** What the editor holds: texts as they were typed. */
export type AliasValues = {
  name: string;
  strategy: RoutingStrategy;
  /** Empty is the gateway's own. */
  max_attempts: string;
  timeout_s: string;
  fallbacks: readonly string[];
  members: readonly MemberValues[];
};

const MS_PER_S = 1000;

export const NEW_ALIAS: AliasValues = {
  name: "",
  strategy: "priority",
  max_attempts: "",
  timeout_s: "",
  fallbacks: [],
  members: [],
};

export function valuesOf(alias: AliasInfo): AliasValues {
  return {
    name: alias.name,
    strategy: alias.strategy,
    max_attempts: alias.max_attempts === null ? "" : String(alias.max_attempts),
    timeout_s: alias.timeout_ms === null ? "" : String(alias.timeout_ms / MS_PER_S),
    fallbacks: alias.fallbacks,
    members: alias.members.map((member) => ({
      deployment_id: member.deployment_id,
      deployment: member.deployment,
      priority: String(member.priority),
      weight: String(member.weight),
    })),
  };
}

/** What is sent, under the contract's names; texts that are no numbers are refused there by name. */
export function inputOf(values: AliasValues): Record<string, unknown> {
  return {
    name: values.name.trim(),
    strategy: values.strategy,
    max_attempts: values.max_attempts.trim() === "" ? null : numberOf(values.max_attempts),
    timeout_ms: values.timeout_s.trim() === "" ? null : millisecondsOf(values.timeout_s),
    fallbacks: [...values.fallbacks],
    members: values.members.map((member) => ({
      deployment: member.deployment_id,
      priority: numberOf(member.priority),
      weight: numberOf(member.weight),
    })),
  };
}

function numberOf(text: string): number | string {
  return /^\d+$/.test(text.trim()) ? Number(text) : text;
}

function millisecondsOf(text: string): number | string {
  return /^\d+(?:\.\d{1,3})?$/.test(text.trim()) ? Math.round(Number(text) * MS_PER_S) : text;
}

/**
 * Moves a member up or down. Priorities stay with the places, so that the one above is asked first;
 * where two places share a number, everybody from the lower one on goes back by one.
 */
export function moveMember(
  members: readonly MemberValues[],
  { from, to }: { from: number; to: number },
): MemberValues[] {
  const moved = moveItem(members, { from, to });
  const kept = moved.map((member, at) => ({
    ...member,
    priority: members[at]?.priority ?? member.priority,
  }));
  const lower = Math.max(from, to);
  const isTied = kept[lower]?.priority === kept[lower - 1]?.priority;
  return kept.map((member, at) =>
    isTied && at >= lower ? { ...member, priority: String(Number(member.priority) + 1) } : member,
  );
}

/** The list with one item at another place. */
export function moveItem<Item>(
  items: readonly Item[],
  { from, to }: { from: number; to: number },
): Item[] {
  const item = items[from];
  if (item === undefined) {
    return [...items];
  }
  return items.toSpliced(from, 1).toSpliced(to, 0, item);
}
