import { z } from "zod";
import { formatUsd } from "../money.ts";
import { usdInput } from "./amounts.ts";
import { type CacheSettings, cacheSettings } from "./cache-settings.ts";
import { instantOutput } from "./instants.ts";
import { budgetPeriod } from "./limit-fields.ts";
import { network } from "./network.ts";
import { adminOperations } from "./operation.ts";
import { expectedVersion } from "./stale.ts";
import { timeZoneInput } from "./time-zone-input.ts";

/**
 * What an administrator sets at run time, in sections that are each saved as one. A field that was
 * never set has the default that stands here; what needs a restart is in the environment.
 */
export const SETTING_SECTIONS = ["general", "retention", "security", "cache"] as const;
export type SettingSection = (typeof SETTING_SECTIONS)[number];

/** Origin and base path without a slash at the end: how the install is reached from outside. */
const publicUrl = z
  .url({ protocol: /^https?$/, error: "must be an address such as https://llm.example.com" })
  .max(512)
  .refine((url) => !/[?#@]/.test(url), "must be an address without a query or a sign-in")
  .transform((url) => url.replace(/\/+$/, ""))
  .pipe(z.string());

const usdText = usdInput.transform((nanos) => formatUsd(nanos)).pipe(z.string());
const days = z.int().min(1).max(3650);

export const generalSettings = z.strictObject({
  organisation_name: z.string().trim().min(1).max(100).default("Conduit"),
  public_url: publicUrl.nullable().default(null).meta({
    description: "How people and programs reach the install. CONDUIT_PUBLIC_URL wins over it.",
  }),
  reporting_zone: timeZoneInput.default("UTC").meta({
    description: "IANA time zone in which days of spend and usage begin.",
  }),
  self_service_keys: z.boolean().default(true).meta({
    description: "Whether members may create virtual keys of their own.",
  }),
  default_key_budget_usd: usdText.nullable().default(null).meta({
    description: "Budget of a new key that is created without one.",
  }),
  default_key_budget_period: budgetPeriod.default("month"),
  default_key_rate_limit_rpm: z.int().min(1).max(1_000_000_000).nullable().default(null),
  default_key_rate_limit_tpm: z.int().min(1).max(1_000_000_000).nullable().default(null),
  default_key_max_parallel: z.int().min(1).max(100_000).nullable().default(null),
  banner: z.string().trim().min(1).max(280).nullable().default(null).meta({
    description: "A notice above every page of the console, as the name of the environment.",
  }),
});
export type GeneralSettings = z.infer<typeof generalSettings>;

export const payloadStorage = z.enum(["metadata", "full"]);
export type PayloadStorage = z.infer<typeof payloadStorage>;

export const retentionSettings = z.strictObject({
  payload_storage: payloadStorage.default("metadata").meta({
    description: "Whether requests and answers are kept, sealed, or only what is told about them.",
  }),
  payload_days: days.default(30),
  log_days: days.default(180),
});
export type RetentionSettings = z.infer<typeof retentionSettings>;

export const securitySettings = z.strictObject({
  session_hours: z.int().min(1).max(720).default(12).meta({
    description: "After so many hours a person signs in again, however busy.",
  }),
  idle_minutes: z.int().min(5).max(43_200).nullable().default(60).meta({
    description:
      "After so many minutes without a click a person signs in again, administrators after half as many.",
  }),
  console_networks: z.array(network).max(100).default([]).meta({
    description: "Networks that the console may be used from; none is every network.",
  }),
});
export type SecuritySettings = z.infer<typeof securitySettings>;

export const SETTING_SCHEMAS = {
  general: generalSettings,
  retention: retentionSettings,
  security: securitySettings,
  cache: cacheSettings,
} as const satisfies Record<SettingSection, z.ZodType>;

/** Every section with the values that hold. */
export interface Settings {
  general: GeneralSettings;
  retention: RetentionSettings;
  security: SecuritySettings;
  cache: CacheSettings;
}

/** The settings of an install in which nobody has set any. */
export const DEFAULT_SETTINGS: Settings = {
  general: generalSettings.parse({}),
  retention: retentionSettings.parse({}),
  security: securitySettings.parse({}),
  cache: cacheSettings.parse({}),
};

/** A section as it is shown: its values, and which of them the environment holds fast. */
export interface SettingsInfo<Section extends SettingSection> {
  section: Section;
  /** Raised by every edit, from 1. */
  version: number;
  updated_at: string | null;
  values: Settings[Section];
  /** Fields that the environment sets; an edit of one is refused. */
  locked: string[];
}

/** A change of some fields; those that are left out stay as they are. */
function changeOf<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  const fields = Object.entries(schema.shape).map(([name, field]) => [
    name,
    field instanceof z.ZodDefault ? z.optional(field.unwrap()) : field,
  ]);
  return z.strictObject({ ...Object.fromEntries(fields), expected_version: expectedVersion });
}

type Change<Values> = { [Name in keyof Values]?: Values[Name] | undefined } & {
  expected_version?: number | undefined;
};
export type GeneralChange = Change<GeneralSettings>;
export type RetentionChange = Change<RetentionSettings>;
export type SecurityChange = Change<SecuritySettings>;
export type CacheChange = Change<CacheSettings>;

/** The inputs of a change, by section. The casts give names to what `changeOf` builds from a map. */
export const generalChange = changeOf(generalSettings) as unknown as z.ZodType<GeneralChange>;
export const retentionChange = changeOf(retentionSettings) as unknown as z.ZodType<RetentionChange>;
export const securityChange = changeOf(securitySettings) as unknown as z.ZodType<SecurityChange>;
export const cacheChange = changeOf(cacheSettings) as unknown as z.ZodType<CacheChange>;

/** How a section is shown in the document of the admin API, under the name `id`. */
export function settingsInfo<Values extends z.ZodType>(values: Values, id: string) {
  return z
    .object({
      section: z.enum(SETTING_SECTIONS),
      version: z.int(),
      updated_at: instantOutput.nullable(),
      values,
      locked: z.array(z.string()).meta({ description: "Fields that the environment sets." }),
    })
    .meta({ id });
}

const generalInfo = settingsInfo(generalSettings, "GeneralSettings");
const retentionInfo = settingsInfo(retentionSettings, "RetentionSettings");
const securityInfo = settingsInfo(securitySettings, "SecuritySettings");

export const SETTINGS_OPERATIONS = adminOperations("Settings", [
  {
    method: "get",
    path: "/settings/general",
    id: "getGeneralSettings",
    scope: "setting.read",
    summary: "Show the general settings",
    answer: generalInfo,
  },
  {
    method: "patch",
    path: "/settings/general",
    id: "updateGeneralSettings",
    scope: "setting.update",
    summary: "Change general settings",
    body: generalChange,
    answer: generalInfo,
  },
  {
    method: "get",
    path: "/settings/retention",
    id: "getRetentionSettings",
    scope: "setting.read",
    summary: "Show what is kept and for how long",
    answer: retentionInfo,
  },
  {
    method: "patch",
    path: "/settings/retention",
    id: "updateRetentionSettings",
    scope: "retention.set",
    summary: "Change what is kept and for how long",
    description: "Shortening a time removes what is older at the next run of the retention job.",
    body: retentionChange,
    answer: retentionInfo,
  },
  {
    method: "get",
    path: "/settings/security",
    id: "getSecuritySettings",
    scope: "setting.read",
    summary: "Show the security settings",
    answer: securityInfo,
  },
  {
    method: "patch",
    path: "/settings/security",
    id: "updateSecuritySettings",
    scope: "setting.update",
    summary: "Change security settings",
    body: securityChange,
    answer: securityInfo,
  },
]);
