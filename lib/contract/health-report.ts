import type { InstanceInfo, JobInfo } from "./job.ts";

/** How the install does, for administrators. */
export interface HealthReport {
  /** ISO 8601. */
  at: string;
  database: { ok: boolean; ms: number | null; kind: "embedded" | "postgres" };
  redis: { state: "ok" | "unavailable" | "not_configured"; effect: string };
  /** The slowest of the processes that are alive; `null` when none has told. */
  loop_lag_ms: number | null;
  /** Log rows that wait for the database, over all processes; sums are behind by as many requests. */
  queued: number | null;
  instances: InstanceInfo[];
  /** Whether processes of several versions serve at once. */
  is_mixed: boolean;
  jobs: JobInfo[];
  circuits: HealthCircuit[];
}

/** A quarter of an hour: `[requests, failed]`, and whether the breaker was open in it. */
export interface HealthTick {
  requests: number;
  failed: number;
  was_open: boolean;
}

export interface HealthCircuit {
  deployment_id: string;
  name: string;
  provider: string;
  model_name: string;
  is_active: boolean;
  state: "closed" | "open" | "half_open";
  retry_at: string | null;
  reason: string | null;
  /** Processes, this one included, whose breaker is not closed. */
  open_on: number;
  /** 96 of them, oldest first; the last one is still filling. */
  ticks: HealthTick[];
  /** When the first one begins. */
  ticks_from: string;
}

/** The one line that everybody may see: whether answers can be expected. */
export interface HealthStrip {
  state: "ok" | "degraded" | "down";
  text: string;
}
