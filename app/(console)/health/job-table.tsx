"use client";

import type { JobInfo } from "#lib/contract/job.ts";
import { Chip } from "../../_ui/chip.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { Duration } from "../../_ui/duration.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { RunJob } from "./run-job.tsx";

interface JobTableProps {
  jobs: readonly JobInfo[];
}

/** The work in the background: when each job ran last, how long, and what came of it. */
export function JobTable({ jobs }: JobTableProps) {
  return (
    <DataTable
      name="jobs"
      caption="Jobs"
      columns={COLUMNS}
      rows={jobs}
      rowId={(job) => job.name}
      empty={<p className="text-muted-fg text-sm">The database does not tell at present.</p>}
    />
  );
}

const COLUMNS: readonly Column<JobInfo>[] = [
  {
    id: "name",
    header: "Job",
    cell: ({ label, about }) => (
      <span className="block">
        {label}
        <span className="block font-normal text-muted-fg text-xs">{about}</span>
      </span>
    ),
  },
  { id: "state", header: "State", mobile: "side", cell: (job) => <JobState job={job} /> },
  {
    id: "ran",
    header: "Last run",
    mobile: "line",
    cell: ({ started_at: at }) => <Timestamp at={at} style="relative" fallback="Not yet" />,
  },
  {
    id: "duration",
    header: "Took",
    align: "end",
    cell: ({ duration_ms: ms }) => <Duration ms={ms} />,
  },
  {
    id: "every",
    header: "Every",
    align: "end",
    cell: ({ every_seconds: seconds }) => <Duration ms={seconds * 1000} />,
  },
  {
    id: "result",
    header: "Result",
    mobile: "line",
    cell: ({ result }) => (
      <span className="block max-w-80 truncate" title={result ?? undefined}>
        {result}
      </span>
    ),
  },
  {
    id: "run",
    header: "Run now",
    isFixed: true,
    align: "end",
    mobile: "side",
    cell: (job) => <RunJob name={job.name} label={job.label} />,
  },
];

const STATES = {
  never: { label: "Waiting", tone: "neutral" },
  running: { label: "Running", tone: "info" },
  ok: { label: "Done", tone: "success" },
  failed: { label: "Failed", tone: "danger" },
} as const;

function JobState({ job: { late: isLate, state } }: { job: JobInfo }) {
  if (isLate) {
    return <Chip tone="warning">Late</Chip>;
  }
  const { label, tone } = STATES[state];
  return <Chip tone={tone}>{label}</Chip>;
}
