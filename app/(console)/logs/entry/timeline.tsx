"use client";

import { useState } from "react";
import type { RequestLogDetail } from "#lib/contract/request-log.ts";
import { cn } from "../../../_ui/cn.ts";
import { formatDuration } from "../../../_ui/format.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Scroller } from "../../../_ui/scroller.tsx";
import { AttemptDetails } from "./attempt-details.tsx";
import { type Timeline as Course, type TimelineRow, timelineOf } from "./timeline-rows.ts";

const TONES = {
  neutral: "bg-input",
  good: "bg-success",
  bad: "bg-danger",
  stream: "bg-info",
} as const satisfies Record<TimelineRow["tone"], string>;

export interface TimelineProps {
  log: RequestLogDetail;
}

/** What happened when, in milliseconds since the request arrived; as bars, or as a table. */
export function Timeline({ log }: TimelineProps) {
  const [isTable, setTable] = useState(false);
  const course = timelineOf(log);
  return (
    <section aria-label="Timeline" className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-2">
        <p className="text-muted-fg text-xs">
          {formatDuration(log.latency_ms)} in all, {formatDuration(log.overhead_ms)} of it in the
          gateway
        </p>
        <Button size="sm" variant="ghost" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? "View as bars" : "View as table"}
        </Button>
      </div>
      {isTable ? <TimelineTable course={course} /> : <Bars course={course} />}
    </section>
  );
}

interface CourseProps {
  course: Course;
}

function Bars({ course }: CourseProps) {
  return (
    <div className="flex flex-col gap-1">
      {course.rows.map((row) => (
        <Bar key={row.id} row={row} course={course} />
      ))}
      <div aria-hidden className="flex justify-between text-muted-fg text-xs">
        <span>0 ms</span>
        {course.ttftMs === null ? null : <span>First content {formatDuration(course.ttftMs)}</span>}
        <span>{formatDuration(course.lengthMs)}</span>
      </div>
    </div>
  );
}

interface BarProps extends CourseProps {
  row: TimelineRow;
}

function Bar({ row, course }: BarProps) {
  const [isOpen, setOpen] = useState(false);
  const left = (row.startMs / course.lengthMs) * 100;
  const width = ((row.endMs - row.startMs) / course.lengthMs) * 100;
  const text = (
    <span className="flex min-w-0 flex-wrap items-baseline justify-between gap-x-3 text-13">
      <span className="min-w-0 break-words text-left font-medium">{row.label}</span>
      <span className="text-muted-fg">
        {row.note === "" ? "" : `${row.note}, `}
        {formatDuration(row.endMs - row.startMs)}
      </span>
    </span>
  );
  const bar = (
    <span aria-hidden className="relative block h-2 w-full overflow-hidden rounded-full bg-muted">
      <span
        className={cn("absolute inset-y-0 min-w-0.5 rounded-full", TONES[row.tone])}
        style={{ left: `min(${left}%, calc(100% - 2px))`, width: `${width}%` }}
      />
      {course.ttftMs === null ? null : (
        <span
          className="absolute inset-y-0 w-0.5 bg-fg"
          style={{ left: `min(${(course.ttftMs / course.lengthMs) * 100}%, calc(100% - 2px))` }}
        />
      )}
    </span>
  );
  if (row.attempt === null) {
    return (
      <div className="flex flex-col gap-1 px-2 py-1.5">
        {text}
        {bar}
      </div>
    );
  }
  return (
    <div className="rounded-md border border-border">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full flex-col gap-1 rounded-md px-2 py-1.5 hover:bg-muted"
      >
        {text}
        {bar}
      </button>
      {isOpen ? <AttemptDetails attempt={row.attempt} /> : null}
    </div>
  );
}

function TimelineTable({ course }: CourseProps) {
  return (
    <Scroller label="Course of the request">
      <table className="w-full text-13">
        <caption className="sr-only">What happened when, since the request arrived</caption>
        <thead>
          <tr className="border-border border-b text-left text-muted-fg">
            <th scope="col" className="py-1 pr-3 font-medium">
              Step
            </th>
            <th scope="col" className="py-1 pr-3 text-right font-medium">
              Start
            </th>
            <th scope="col" className="py-1 pr-3 text-right font-medium">
              Duration
            </th>
            <th scope="col" className="py-1 font-medium">
              What happened
            </th>
          </tr>
        </thead>
        <tbody>
          {course.rows.map((row) => (
            <tr key={row.id} className="border-border border-b align-top">
              <th scope="row" className="py-1 pr-3 text-left font-normal">
                {row.label}
              </th>
              <td className="py-1 pr-3 text-right">{formatDuration(row.startMs)}</td>
              <td className="py-1 pr-3 text-right">{formatDuration(row.endMs - row.startMs)}</td>
              <td className="py-1">{row.note}</td>
            </tr>
          ))}
          {course.ttftMs === null ? null : (
            <tr className="align-top">
              <th scope="row" className="py-1 pr-3 text-left font-normal">
                First content
              </th>
              <td className="py-1 pr-3 text-right">{formatDuration(course.ttftMs)}</td>
              <td />
              <td />
            </tr>
          )}
        </tbody>
      </table>
    </Scroller>
  );
}
