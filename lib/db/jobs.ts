import { jobs } from "#drizzle/schema/jobs.ts";
import type { Db } from "./client.ts";

export type JobRow = typeof jobs.$inferSelect;

/** Notes that a job has begun; its last result stays until there is a new one. */
export async function recordJobStart(
  db: Db,
  params: { name: string; startedAt: Date },
): Promise<void> {
  const { name, startedAt } = params;
  await db
    .insert(jobs)
    .values({ name, startedAt })
    .onConflictDoUpdate({ target: jobs.name, set: { startedAt, finishedAt: null } });
}

export interface JobEnd {
  name: string;
  startedAt: Date;
  finishedAt: Date;
  durationMs: number;
  ok: boolean;
  /** What it did, or why it failed, in words. */
  result: string;
}

export async function recordJobEnd(db: Db, end: JobEnd): Promise<void> {
  const { name, ...run } = end;
  await db.insert(jobs).values(end).onConflictDoUpdate({ target: jobs.name, set: run });
}

/** The last run of every job that ever ran. */
export async function listJobs(db: Db): Promise<JobRow[]> {
  return await db.select().from(jobs);
}
