import { z } from "zod";
import { adminOperations } from "./operation.ts";

/** Probes of the admin API; they carry neither versions nor host names. */
const liveness = z.object({ status: z.literal("ok") }).meta({ id: "Liveness" });

export const readiness = z
  .object({
    status: z.enum(["ok", "unavailable"]),
    database: z.enum(["ok", "unavailable"]),
    redis: z.enum(["ok", "unavailable", "not_configured"]),
  })
  .meta({ id: "Readiness" });
export type Readiness = z.infer<typeof readiness>;

export const HEALTH_OPERATIONS = adminOperations("Health", [
  {
    method: "get",
    path: "/health/live",
    id: "live",
    scope: null,
    summary: "Whether the process runs",
    answer: liveness,
  },
  {
    method: "get",
    path: "/health/ready",
    id: "ready",
    scope: null,
    summary: "Whether it can serve",
    answer: readiness,
  },
]);
