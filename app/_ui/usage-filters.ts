import type { UsageFilterOptions } from "#lib/contract/usage-report.ts";
import type { FilterDefinition } from "./filter-definition.ts";

/** The filters of the overview and of usage: those of the logs that both can apply. */
export function usageFiltersOf(options: UsageFilterOptions): FilterDefinition[] {
  const { user } = options;
  const list = { kind: "list" } as const;
  return [
    { ...list, name: "outcome", label: "Outcome", options: options.outcome },
    { ...list, name: "model", label: "Model", options: options.model, isOpen: true },
    { ...list, name: "dep", label: "Deployment", options: options.dep, isOpen: true },
    { ...list, name: "provider", label: "Provider", options: options.provider },
    { ...list, name: "key", label: "Key", options: options.key },
    ...(user.length === 0
      ? []
      : [{ ...list, name: "user" as const, label: "User", options: user }]),
    { ...list, name: "tag", label: "Tag", options: [], isOpen: true },
    {
      kind: "flag",
      name: "stream",
      label: "Streamed",
      yes: "Streamed",
      no: "Not streamed",
    },
    {
      kind: "flag",
      name: "unpriced",
      label: "Price",
      yes: "Without a price",
      no: "With a price",
    },
  ];
}
