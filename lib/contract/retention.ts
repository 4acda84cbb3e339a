import { z } from "zod";

/** How much of one kind is kept, and until when. */
export interface KeptTable {
  id: "logs" | "payloads" | "usage" | "audit";
  label: string;
  rows: number;
  /** Whether `rows` is an estimate. */
  is_estimate: boolean;
  bytes: number;
  oldest_at: string | null;
  /** `null` where nothing is ever removed. */
  kept_days: number | null;
  /** When the oldest row goes; `null` when nothing is going to. */
  next_purge_at: string | null;
}

/** A team whose own setting wins over that of the install. */
export interface TeamStorage {
  id: string;
  name: string;
  payload_storage: "metadata" | "full";
}

export interface RetentionOverview {
  tables: KeptTable[];
  teams: TeamStorage[];
}

const days = z.coerce.number().int().min(1).max(3650);

export const retentionPreviewQuery = z.strictObject({ log_days: days, payload_days: days });
export type RetentionPreviewQuery = z.infer<typeof retentionPreviewQuery>;

/** What shorter times would remove at the next run, on top of what goes anyway. */
export interface RetentionPreview {
  logs: number;
  payloads: number;
}
