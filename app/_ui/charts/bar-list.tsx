import type { Route } from "next";
import Link from "next/link";
import {
  type ChartColor,
  type ChartUnit,
  type ChartValue,
  colorOf,
  formatValue,
} from "./chart-data.ts";

export interface BarListItem {
  id: string;
  label: string;
  value: ChartValue;
  color?: ChartColor;
  /** Where the item leads. */
  href?: string;
}

export interface BarListProps {
  /** What is listed, for its name. */
  label: string;
  unit: ChartUnit;
  items: readonly BarListItem[];
}

/** Names with their share of the largest, longest first as given. */
export function BarList({ label, unit, items }: BarListProps) {
  const most = Math.max(...items.map(({ value }) => Number(value ?? 0)), 0);
  return (
    <ul aria-label={label} className="flex flex-col gap-1">
      {items.map(({ id, label: name, value, color = "primary", href }) => (
        <li key={id} className="relative flex min-h-8 items-center gap-3 px-2">
          <span
            aria-hidden
            className="absolute inset-y-0.5 left-0 rounded-md opacity-15"
            style={{
              background: colorOf(color),
              width: `${most === 0 ? 0 : (Number(value ?? 0) / most) * 100}%`,
            }}
          />
          <span className="relative min-w-0 flex-1 truncate">
            {href === undefined ? (
              name
            ) : (
              // An address with a query; the types of routes know only plain ones.
              <Link href={href as Route} className="underline-offset-4 hover:underline">
                {name}
              </Link>
            )}
          </span>
          <span className="relative">{formatValue(value, unit)}</span>
        </li>
      ))}
    </ul>
  );
}
