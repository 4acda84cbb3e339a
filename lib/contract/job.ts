import { z } from "zod";
import { JOB_NAMES } from "../catalog/jobs.ts";
import { instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";

/** A background job and its last run, on whichever replica that was. */
export const jobInfo = z
  .object({
    name: z.enum(JOB_NAMES),
    label: z.string(),
    about: z.string(),
    every_seconds: z.int(),
    /** `null` for one that has not run yet. */
    started_at: instantOutput.nullable(),
    finished_at: instantOutput.nullable(),
    duration_ms: z.number().nullable(),
    state: z.enum(["never", "running", "ok", "failed"]),
    result: z.string().nullable().meta({ description: "What it did, or why it failed." }),
    late: z.boolean().meta({ description: "Whether it should have run again by now." }),
  })
  .meta({ id: "Job" });
export type JobInfo = z.infer<typeof jobInfo>;

/** A process that serves, by its last heartbeat. */
export const instanceInfo = z
  .object({
    id: z.uuid(),
    host: z.string(),
    version: z.string(),
    started_at: instantOutput,
    seen_at: instantOutput,
    silent: z.boolean().meta({ description: "Whether its last heartbeats are missing." }),
    memory_mib: z.number(),
    loop_lag_ms: z.number(),
    in_flight: z.int(),
    queued: z.int(),
    open_circuits: z.int(),
  })
  .meta({ id: "Instance" });
export type InstanceInfo = z.infer<typeof instanceInfo>;

export const jobParams = z.object({ name: z.enum(JOB_NAMES) });

export const JOB_OPERATIONS = adminOperations("Health", [
  {
    method: "get",
    path: "/jobs",
    id: "listJobs",
    scope: "health.read",
    summary: "List background jobs and their last runs",
    answer: z.object({ jobs: z.array(jobInfo) }),
  },
  {
    method: "post",
    path: "/jobs/{name}/run",
    id: "runJob",
    scope: "job.run",
    summary: "Run a background job now",
    description: "The job begins a moment later; its row tells how it ended.",
    params: jobParams,
    status: 204,
  },
  {
    method: "get",
    path: "/instances",
    id: "listInstances",
    scope: "health.read",
    summary: "List the processes that serve",
    answer: z.object({ instances: z.array(instanceInfo) }),
  },
]);
