/** Stacks of the histogram, bottom first: outcomes that people tell apart at a glance. */
export const HISTOGRAM_SERIES = [
  { id: "success", label: "Success", outcomes: ["ok"], tone: "success" },
  { id: "cached", label: "Cached", outcomes: ["cached"], tone: "info" },
  { id: "cancelled", label: "Cancelled", outcomes: ["cancelled"], tone: "neutral" },
  {
    id: "client_error",
    label: "Client error",
    outcomes: ["client_error", "blocked"],
    tone: "neutral",
  },
  { id: "limited", label: "Limited", outcomes: ["limited"], tone: "warning" },
  {
    id: "failed",
    label: "Failed",
    outcomes: ["provider_error", "partial", "interrupted"],
    tone: "danger",
  },
] as const;
export type HistogramSeriesId = (typeof HISTOGRAM_SERIES)[number]["id"];

export interface LogHistogramBucket {
  /** `[start, end)`: exactly the rows of the bar. */
  start: string;
  end: string;
  counts: Record<HistogramSeriesId, number>;
  total: number;
}

export interface LogHistogram {
  from: string;
  to: string;
  buckets: LogHistogramBucket[];
  /** Rows in the range: what the list has in all. */
  total: number;
}
