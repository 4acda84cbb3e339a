import type { Route } from "next";
import Link from "next/link";
import { Scroller } from "../scroller.tsx";

export interface ChartTableData {
  columns: readonly string[];
  rows: readonly ChartTableRow[];
}

export interface ChartTableRow {
  label: string;
  /** Where the row's requests are listed. */
  href?: string | undefined;
  cells: readonly string[];
}

export interface ChartTableProps extends ChartTableData {
  title: string;
}

/** A chart's figures in rows; scrolls inside itself. */
export function ChartTable({ title, columns, rows }: ChartTableProps) {
  const [first, ...others] = columns;
  return (
    <Scroller label={`${title} as a table`} className="max-h-72">
      <table className="w-full text-13">
        <thead className="sticky top-0 bg-bg">
          <tr>
            <th scope="col" className="py-1.5 pr-4 text-left font-medium text-muted-fg">
              {first}
            </th>
            {others.map((column) => (
              <th
                key={column}
                scope="col"
                className="whitespace-nowrap py-1.5 pl-4 text-right font-medium text-muted-fg"
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, href, cells }) => (
            <tr key={label} className="border-border border-t">
              <th scope="row" className="whitespace-nowrap py-1.5 pr-4 text-left font-normal">
                {href === undefined ? (
                  label
                ) : (
                  // An address with a query; the types of routes know only plain ones.
                  <Link href={href as Route} className="text-primary underline underline-offset-4">
                    {label}
                  </Link>
                )}
              </th>
              {others.map((column, index) => (
                <td key={column} className="whitespace-nowrap py-1.5 pl-4 text-right">
                  {cells[index]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
