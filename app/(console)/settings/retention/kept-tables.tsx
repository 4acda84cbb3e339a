"use client";

import type { JobInfo } from "#lib/contract/job.ts";
import type { KeptTable } from "#lib/contract/retention.ts";
import { formatBytes, formatCount } from "../../../_ui/format.ts";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { Scroller } from "../../../_ui/scroller.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";
import { RetentionRun } from "./retention-run.tsx";

export interface KeptTablesProps {
  tables: readonly KeptTable[];
  job: JobInfo | null;
}

/** How much of each kind there is, and when the oldest goes. */
export function KeptTables({ tables, job }: KeptTablesProps) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>What there is now</CardTitle>
        <CardDescription>
          Sizes include indexes. Whole days (UTC) are removed at a time.
        </CardDescription>
      </CardHeader>
      <CardBody className="flex flex-col gap-4">
        <Scroller label="What there is now">
          <table className="w-full min-w-[40rem] text-left text-sm tabular-nums">
            <thead className="text-muted-fg text-xs">
              <tr className="border-border border-b">
                <th scope="col" className="py-2 pr-4 font-medium">
                  Kind
                </th>
                <th scope="col" className="py-2 pr-4 text-right font-medium">
                  Rows
                </th>
                <th scope="col" className="py-2 pr-4 text-right font-medium">
                  Size
                </th>
                <th scope="col" className="py-2 pr-4 font-medium">
                  Oldest
                </th>
                <th scope="col" className="py-2 pr-4 font-medium">
                  Kept for
                </th>
                <th scope="col" className="py-2 font-medium">
                  Next to go
                </th>
              </tr>
            </thead>
            <tbody>
              {tables.map((table) => (
                <KeptRow key={table.id} table={table} />
              ))}
            </tbody>
          </table>
        </Scroller>
        <RetentionRun job={job} />
      </CardBody>
    </Card>
  );
}

interface KeptRowProps {
  table: KeptTable;
}

function KeptRow({ table }: KeptRowProps) {
  const { label, rows, is_estimate, bytes, oldest_at, kept_days, next_purge_at } = table;
  return (
    <tr className="border-border border-b last:border-0">
      <th scope="row" className="py-2 pr-4 font-normal">
        {label}
      </th>
      <td className="py-2 pr-4 text-right">
        {is_estimate ? "≈ " : ""}
        {formatCount(rows)}
      </td>
      <td className="py-2 pr-4 text-right">{formatBytes(bytes)}</td>
      <td className="py-2 pr-4">
        <Timestamp at={oldest_at} style="day" fallback="Nothing yet" />
      </td>
      <td className="py-2 pr-4">{kept_days === null ? "For good" : `${kept_days} days`}</td>
      <td className="py-2">
        <Timestamp at={next_purge_at} style="day" fallback="Nothing" />
      </td>
    </tr>
  );
}
