import type { ReactNode } from "react";

export interface FactsProps {
  /** Names and values; a fact that is `null` does not apply and is left out. */
  rows: readonly (readonly [string, ReactNode])[];
}

/** Names beside their values. */
export function Facts({ rows }: FactsProps) {
  return (
    <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-13">
      {rows
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted-fg">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
