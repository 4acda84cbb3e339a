import { z } from "zod";
import { instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";
import { requestParams } from "./params.ts";

/** A text as it was kept: the whole of it, or its beginning where it was too long. */
const keptText = z.object({
  text: z.string(),
  truncated: z.boolean().meta({ description: "Whether the size cap cut its end off." }),
});
export type KeptText = z.infer<typeof keptText>;

const keptAnswer = keptText.extend({
  assembled: z.boolean().meta({
    description: "Whether a streamed answer was put together in the form of a whole one.",
  }),
});

/** What is sealed of one request: its body as it was sent, the answer, and harmless headers. */
export const requestPayload = z.object({
  request: keptText,
  headers: z.record(z.string(), z.string()),
  /** `null` when no answer began. */
  answer: keptAnswer.nullable(),
});
export type RequestPayload = z.infer<typeof requestPayload>;

/**
 * What can be shown of a request's content. `not_stored` tells which setting decided: that of the
 * install, that of the request's team, or `unknown` when storage is on now and nothing was kept.
 */
export const payloadView = z
  .discriminatedUnion("state", [
    z.object({
      state: z.literal("stored"),
      ...requestPayload.shape,
      size_bytes: z.int(),
      removed_after: instantOutput.meta({ description: "When retention removes it." }),
    }),
    z.object({
      state: z.literal("not_stored"),
      reason: z.enum(["install", "team", "unknown"]),
    }),
    z.object({ state: z.literal("removed"), payload_days: z.int() }),
    z.object({
      state: z.literal("unreadable"),
      key_version: z.string().meta({ description: "The master key that is not configured." }),
    }),
  ])
  .meta({ id: "RequestPayload" });
export type PayloadView = z.infer<typeof payloadView>;

export const PAYLOAD_OPERATIONS = adminOperations("Observe", [
  {
    method: "get",
    path: "/logs/{id}/payload",
    id: "getLogPayload",
    scope: "log.payload.read",
    summary: "Show what a request asked and was answered, where that is stored",
    description: "Leaves an event in the audit log.",
    params: requestParams,
    answer: payloadView,
  },
]);
