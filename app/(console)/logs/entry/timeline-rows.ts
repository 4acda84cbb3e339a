import { describeEnding, wasSkipped } from "#lib/catalog/attempt-endings.ts";
import type { RequestLogDetail } from "#lib/contract/request-log.ts";

export type Attempt = RequestLogDetail["attempt_list"][number];

/** A bar of the timeline: milliseconds since the request arrived. */
export interface TimelineRow {
  id: string;
  label: string;
  /** What happened, for the table and the bar's own text. */
  note: string;
  startMs: number;
  endMs: number;
  tone: "neutral" | "good" | "bad" | "stream";
  /** Set for a try of a deployment: there is more to tell. */
  attempt: Attempt | null;
}

export interface Timeline {
  rows: TimelineRow[];
  /** The right end of the scale. */
  lengthMs: number;
  /** When the first content came. */
  ttftMs: number | null;
}

/** A request's course from what is stored of it; nothing is made up between. */
export function timelineOf(log: RequestLogDetail): Timeline {
  const arrivedMs = Date.parse(log.created_at);
  const tries = log.attempt_list.map((attempt, index) => tryRow(attempt, { index, arrivedMs }));
  const rows = [...beforeFirst(tries, log), ...withWaits(tries), ...streamRow(log)];
  const lengthMs = Math.max(log.latency_ms, 1, ...rows.map(({ endMs }) => endMs));
  return { rows, lengthMs, ttftMs: log.ttft_ms };
}

function tryRow(
  attempt: Attempt,
  { index, arrivedMs }: { index: number; arrivedMs: number },
): TimelineRow {
  // Stored to the millisecond, on a clock that may lag the arrival's by one.
  const startMs = Math.max(0, Date.parse(attempt.started_at) - arrivedMs);
  const status = attempt.status === null ? "" : `${attempt.status}, `;
  return {
    id: `attempt-${index + 1}`,
    label: `Attempt ${index + 1}: ${attempt.deployment}`,
    note: `${status}${describeEnding(attempt.ended)}`,
    startMs,
    endMs: startMs + attempt.duration_ms,
    tone: attempt.ended === "ok" ? "good" : wasSkipped(attempt.ended) ? "neutral" : "bad",
    attempt,
  };
}

function beforeFirst(tries: readonly TimelineRow[], log: RequestLogDetail): TimelineRow[] {
  const endMs = tries[0]?.startMs ?? log.latency_ms;
  return [
    {
      id: "gateway",
      label: "Key, limits, routing",
      note: tries.length === 0 ? "No deployment was asked" : "In the gateway",
      startMs: 0,
      endMs,
      tone: "neutral",
      attempt: null,
    },
  ];
}

/** Between two tries the gateway may have waited, as the provider asked it to. */
function withWaits(tries: readonly TimelineRow[]): TimelineRow[] {
  return tries.flatMap((row, index) => {
    const before = tries[index - 1];
    const waitMs = before === undefined ? 0 : row.startMs - before.endMs;
    if (before === undefined || waitMs < 2) {
      return [row];
    }
    const wait: TimelineRow = {
      id: `wait-${index}`,
      label: "Wait before the next attempt",
      note: "",
      startMs: before.endMs,
      endMs: row.startMs,
      tone: "neutral",
      attempt: null,
    };
    return [wait, row];
  });
}

function streamRow(log: RequestLogDetail): TimelineRow[] {
  if (!log.stream || log.ttft_ms === null) {
    return [];
  }
  return [
    {
      id: "stream",
      label: "Stream to the caller",
      note: streamNote(log),
      startMs: log.ttft_ms,
      endMs: log.latency_ms,
      tone: log.outcome === "ok" ? "stream" : "bad",
      attempt: null,
    },
  ];
}

function streamNote({ outcome }: RequestLogDetail): string {
  if (outcome === "partial") {
    return "Broke off. It had started, so that a fallback was not possible";
  }
  return outcome === "cancelled" ? "The caller hung up" : "Complete";
}
