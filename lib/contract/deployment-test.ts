import { z } from "zod";
import { deploymentFields, providerId } from "./deployment-fields.ts";
import { TEST_STEPS } from "./test-steps.ts";

export const testStep = z.object({
  step: z.enum(TEST_STEPS),
  state: z.enum(["ok", "failed", "skipped"]),
  /** Since the test began. */
  ms: z.number(),
  /** Why it failed, as the provider or the network says it; or why it was left out. */
  note: z.string().nullable(),
});
export type TestStep = z.infer<typeof testStep>;

/** What the test's stream carries: steps as they end, then the result. */
export const testEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("step"), step: testStep }),
  z.object({
    type: z.literal("result"),
    ok: z.boolean(),
    ms: z.number(),
    model: z.string().nullable(),
  }),
]);
export type TestEvent = z.infer<typeof testEvent>;

const draft = z.strictObject({
  provider: providerId,
  model_name: z.string().min(1).max(256),
  api_base: deploymentFields.api_base,
  api_key: deploymentFields.api_key,
  timeout_ms: deploymentFields.timeout_ms,
  settings: deploymentFields.settings,
});
export type DeploymentDraft = z.infer<typeof draft>;

/**
 * A stored deployment (`id` alone), a new one (`draft` alone), or a stored one as a form would
 * change it (both): its key is then used only for the origin that it was entered for.
 */
export const deploymentTestInput = z
  .strictObject({ id: z.uuid().optional(), draft: draft.optional() })
  .refine(({ id, draft: given }) => id !== undefined || given !== undefined, {
    message: "needs an id or a draft",
    path: ["draft"],
  });
export type DeploymentTestInput = z.infer<typeof deploymentTestInput>;
