import type { RoutingStrategy } from "#lib/contract/snapshot.ts";

/** The ways to put members in order, in words. */
export const STRATEGIES: readonly { value: RoutingStrategy; label: string; hint: string }[] = [
  {
    value: "priority",
    label: "Priority",
    hint: "The lowest number is asked first; weights share among equals.",
  },
  {
    value: "weighted",
    label: "Weighted",
    hint: "Each request draws one by weight; the others follow.",
  },
  { value: "lowest_cost", label: "Lowest cost", hint: "The cheapest for the request at hand." },
  {
    value: "lowest_latency",
    label: "Lowest latency",
    hint: "The one that began to answer soonest of late.",
  },
];

export function strategyLabel(strategy: RoutingStrategy): string {
  return STRATEGIES.find(({ value }) => value === strategy)?.label ?? strategy;
}
