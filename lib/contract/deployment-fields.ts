import { z } from "zod";
import { PROVIDER_ALIASES, PROVIDERS, type ProviderId } from "../catalog/providers.ts";
import { usdInput } from "./amounts.ts";

/** The fields of a deployment, as they are sent to make, change or test one. */
const PROVIDER_NAMES = [...Object.keys(PROVIDERS), ...Object.keys(PROVIDER_ALIASES)];

export const providerId = z
  .enum(PROVIDER_NAMES as [string, ...string[]], {
    error: `must be one of ${PROVIDER_NAMES.join(", ")}`,
  })
  .transform((name) => (PROVIDER_ALIASES[name] ?? name) as ProviderId);

export const deploymentName = z
  .string()
  .max(64)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]*$/,
    "must begin with a letter or digit and hold only letters, digits and . _ : -",
  );

/** A header value: anything outside printable ASCII would be refused when the call is made. */
const upstreamKey = z
  .string()
  .min(1)
  .max(8192)
  .regex(/^[\x21-\x7e]+$/, "must not contain spaces or control characters");

const perMinute = z.int().min(1).max(1_000_000_000).nullable().optional();

export const deploymentFields = {
  api_base: z.string().min(1).max(2048).nullable().optional().meta({
    description:
      "The provider's base URL, with or without its version segment; the provider's own by default.",
  }),
  api_key: upstreamKey.nullable().optional().meta({
    description: "The provider's key. Write-only; `null` removes it.",
  }),
  priority: z.int().min(1).max(1000).optional().meta({ description: "Lower goes first. 1." }),
  weight: z.int().min(0).max(1_000_000).optional().meta({
    description: "Share of the traffic among equal priorities. 100.",
  }),
  is_active: z.boolean().optional(),
  timeout_ms: z.int().min(1).max(3_600_000).nullable().optional(),
  max_rpm: perMinute,
  max_tpm: perMinute,
  tags: z.array(z.string().min(1).max(64)).max(50).optional(),
  settings: z
    .record(z.string(), z.union([z.string().max(2048), z.number(), z.boolean()]))
    .optional()
    .meta({ description: "What this provider also needs, such as an API version." }),
  input_price_per_million_usd: usdInput.nullable().optional(),
  output_price_per_million_usd: usdInput.nullable().optional(),
  allow_dropping_unsupported_fields: z.boolean().optional().meta({
    description: "Leave out fields that the provider cannot take instead of refusing the request.",
  }),
};
