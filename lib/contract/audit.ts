import { z } from "zod";
import { instantOrDayInput, instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";
import { listQuery } from "./paging.ts";

/** The audit log: append-only, each event chained to the one before by its hash. */
export const auditQuery = listQuery.extend({
  actor_id: z.string().min(1).max(256).optional(),
  action: z.string().min(1).max(64).optional(),
  target_type: z.string().min(1).max(64).optional(),
  target_id: z.string().min(1).max(256).optional(),
  from: instantOrDayInput.optional(),
  to: instantOrDayInput.optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;

export const auditEvent = z
  .object({
    id: z.uuid(),
    sequence: z.int(),
    at: instantOutput,
    actor_type: z.string(),
    actor_id: z.string().nullable(),
    actor_name: z.string(),
    action: z.string(),
    target_type: z.string(),
    target_id: z.string().nullable(),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
    ip: z.string().nullable(),
    request_id: z.string().nullable(),
    hash: z.string().meta({ description: "SHA-256 over the event and the hash before it, hex." }),
  })
  .meta({ id: "AuditEvent" });
export type AuditEvent = z.infer<typeof auditEvent>;

const auditList = z.object({ events: z.array(auditEvent), total: z.int() });

export const auditVerdict = z
  .object({
    intact: z.boolean(),
    checked: z.int(),
    broken_at: z.int().nullable().meta({
      description: "Sequence number of the first event that does not fit the one before.",
    }),
  })
  .meta({ id: "AuditVerdict" });
export type AuditVerdict = z.infer<typeof auditVerdict>;

export const AUDIT_OPERATIONS = adminOperations("Observe", [
  {
    method: "get",
    path: "/audit",
    id: "listAudit",
    scope: "audit.read",
    summary: "List audit events, newest first",
    query: auditQuery,
    answer: auditList,
  },
  {
    method: "get",
    path: "/audit/verify",
    id: "verifyAudit",
    scope: "audit.verify",
    summary: "Check the hash chain of the audit log",
    answer: auditVerdict,
  },
]);
