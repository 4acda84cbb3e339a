import type { ApiKeyInfo } from "#lib/contract/api-key.ts";
import type { KeyOptions } from "#lib/contract/api-key-console.ts";
import type { BudgetPeriod } from "#lib/contract/caller.ts";
import { type LimitValue, limitCount, limitInput, limitValue } from "../../_ui/limit-field.tsx";

/** When a key ends: never, so many days from now, on a day of one's choice, or as it is. */
export type Expiry = "keep" | "never" | "7" | "30" | "90" | "date";

/** The form of a key as somebody types it. */
export type KeyFormValues = {
  alias: string;
  note: string;
  ownerId: string;
  teamId: string;
  everyModel: boolean;
  models: string[];
  budget: LimitValue;
  period: BudgetPeriod;
  soft: string;
  rpm: LimitValue;
  tpm: LimitValue;
  parallel: LimitValue;
  expiry: Expiry;
  expiryDay: string;
  cidrs: string;
  tags: string;
  coalesce: boolean;
};

const DEFAULT_SOFT = "80";

/** The form of a new key, with the limits that the install gives where nothing is said. */
export function newKeyValues(
  options: KeyOptions,
  from: { ownerId: string; teamId: string | null },
): KeyFormValues {
  const { defaults, teams } = options;
  const only = teams?.length === 1 ? teams[0]?.id : undefined;
  return {
    alias: "",
    note: "",
    ownerId: from.ownerId,
    teamId: from.teamId ?? (options.may_be_without_team ? "" : (only ?? "")),
    everyModel: true,
    models: [],
    budget: limitValue(defaults.budget_usd),
    period: defaults.budget_usd === null ? "month" : defaults.budget_period,
    soft: DEFAULT_SOFT,
    rpm: limitValue(defaults.rate_limit_rpm),
    tpm: limitValue(defaults.rate_limit_tpm),
    parallel: limitValue(defaults.max_parallel),
    expiry: "never",
    expiryDay: "",
    cidrs: "",
    tags: "",
    coalesce: false,
  };
}

/** The form of a key as it is stored. */
export function storedKeyValues(key: ApiKeyInfo): KeyFormValues {
  return {
    alias: key.alias ?? "",
    note: key.note ?? "",
    ownerId: key.user_id,
    teamId: key.team_id ?? "",
    everyModel: key.allowed_models === null,
    models: key.allowed_models ?? [],
    budget: limitValue(key.budget_limit_usd),
    period: key.budget_period ?? "month",
    soft: key.soft_limit_percent === null ? "" : String(key.soft_limit_percent),
    rpm: limitValue(key.rate_limit_rpm),
    tpm: limitValue(key.rate_limit_tpm),
    parallel: limitValue(key.max_parallel),
    expiry: key.expires_at === null ? "never" : "keep",
    expiryDay: "",
    cidrs: (key.allowed_cidrs ?? []).join("\n"),
    tags: Object.entries(key.tags)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n"),
    coalesce: key.coalesce,
  };
}

/** What both forms send: every limit with its own value, `null` where there is none. */
function limitsInput(values: KeyFormValues): Record<string, unknown> {
  const isLimited = values.budget.isLimited;
  const cidrs = linesOf(values.cidrs);
  return {
    alias: values.alias.trim() === "" ? null : values.alias,
    note: values.note.trim() === "" ? null : values.note,
    allowed_models: values.everyModel ? null : values.models,
    budget_limit_usd: limitInput(values.budget),
    ...(isLimited ? { budget_period: values.period, soft_limit_percent: softOf(values.soft) } : {}),
    rate_limit_rpm: limitCount(values.rpm),
    rate_limit_tpm: limitCount(values.tpm),
    max_parallel: limitCount(values.parallel),
    allowed_cidrs: cidrs.length === 0 ? null : cidrs,
    tags: tagsOf(values.tags),
    coalesce: values.coalesce,
    ...expiryOf(values),
  };
}

export function createInputOf(values: KeyFormValues): Record<string, unknown> {
  return {
    ...limitsInput(values),
    alias: values.alias,
    owner_id: values.ownerId,
    team_id: values.teamId === "" ? null : values.teamId,
  };
}

export function updateInputOf(id: string, values: KeyFormValues): Record<string, unknown> {
  return { id, ...limitsInput(values) };
}

function softOf(text: string): number | string | null {
  const trimmed = text.trim();
  if (trimmed === "") {
    return null;
  }
  return /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
}

function expiryOf({ expiry, expiryDay }: KeyFormValues): Record<string, unknown> {
  switch (expiry) {
    case "keep":
      return {};
    case "never":
      return { expires_at: null };
    case "date":
      // The end of the chosen day where the person is.
      return { expires_at: isoOf(`${expiryDay}T23:59:59`) };
    default:
      return { expires_in_days: Number(expiry) };
  }
}

function isoOf(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? local : at.toISOString();
}

function linesOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** `name=value` lines; a line without a value is sent as it is, and refused by name. */
function tagsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .map((line) => {
        const at = line.indexOf("=");
        return at === -1 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      }),
  );
}
