import type { ReactNode } from "react";

interface FactsProps {
  facts: readonly (readonly [label: string, value: ReactNode])[];
}

/** Figures side by side, each under its name. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 rounded-lg border border-border bg-surface p-4 sm:grid-cols-3 lg:grid-cols-5">
      {facts.map(([label, value]) => (
        <div key={label} className="min-w-0">
          <dt className="text-muted-fg text-xs">{label}</dt>
          <dd className="break-words font-medium text-base tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
