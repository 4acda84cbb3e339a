import { z } from "zod";
import { instantOrDayInput, instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";
import { listQuery } from "./paging.ts";

/** The audit log: append-only, each event chained to the one before by its hash. */
const auditFilter = z.strictObject({
  actor_id: z.string().min(1).max(256).optional().meta({
    description: "The id of a person or a token, or `admin_key` or `system`.",
  }),
  action: z.string().min(1).max(64).optional(),
  group: z.string().min(1).max(64).optional().meta({
    description: "The part of an action before its verb, as `api_key`.",
  }),
  target_type: z.string().min(1).max(64).optional(),
  target_id: z.string().min(1).max(256).optional(),
  team_id: z.uuid().optional(),
  text: z.string().trim().min(1).max(200).optional().meta({
    description: "Anything that stands in names, ids or the changed fields.",
  }),
  from: instantOrDayInput.optional(),
  to: instantOrDayInput.optional(),
});
export type AuditFilter = z.infer<typeof auditFilter>;

/** A place in the chain. */
const place = z.coerce
  .number("must be the sequence of an event")
  .int("must be the sequence of an event")
  .min(1);

export const auditQuery = listQuery.extend({
  ...auditFilter.shape,
  before: place.optional().meta({ description: "Only events before this `sequence`." }),
  after: place.optional().meta({ description: "Only events after this `sequence`." }),
});
export type AuditQuery = z.infer<typeof auditQuery>;

export const auditExportQuery = auditFilter.extend({
  format: z.enum(["csv", "ndjson"]).default("csv"),
});
export type AuditExportQuery = z.infer<typeof auditExportQuery>;

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
    target_name: z.string().nullable().meta({
      description: "What the object is called; `null` where nobody knows any more.",
    }),
    team_id: z.string().nullable(),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
    ip: z.string().nullable(),
    request_id: z.string().nullable(),
    hash: z.string().meta({ description: "SHA-256 over the event and the hash before it, hex." }),
  })
  .meta({ id: "AuditEvent" });
export type AuditEvent = z.infer<typeof auditEvent>;

const auditList = z.object({ events: z.array(auditEvent), total: z.int() });

/** A page of events by their places in the chain, for lists that new events are added to. */
export interface AuditPage {
  events: AuditEvent[];
  /** `before` of the next older page; `null` on the last one. */
  older: number | null;
  /** `after` of the next newer page; `null` on the first one. */
  newer: number | null;
}

/** What an audit list can be filtered by, of what the reader may see. */
export interface AuditFacets {
  actors: { id: string; name: string; type: AuditEvent["actor_type"] }[];
  groups: string[];
  target_types: string[];
}

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
