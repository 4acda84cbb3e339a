import type { BudgetPeriod } from "#lib/contract/caller.ts";
import type { GeneralSettings } from "#lib/contract/settings.ts";
import { type LimitValue, limitCount, limitInput, limitValue } from "../../../_ui/limit-field.tsx";

/** The general settings as the form holds them. */
export interface GeneralValues extends Record<string, unknown> {
  organisation_name: string;
  public_url: string;
  reporting_zone: string | null;
  self_service_keys: boolean;
  budget: LimitValue;
  period: BudgetPeriod;
  rpm: LimitValue;
  tpm: LimitValue;
  parallel: LimitValue;
  banner: string;
}

export function generalValues(settings: GeneralSettings): GeneralValues {
  return {
    organisation_name: settings.organisation_name,
    public_url: settings.public_url ?? "",
    reporting_zone: settings.reporting_zone,
    self_service_keys: settings.self_service_keys,
    budget: limitValue(settings.default_key_budget_usd),
    period: settings.default_key_budget_period,
    rpm: limitValue(settings.default_key_rate_limit_rpm),
    tpm: limitValue(settings.default_key_rate_limit_tpm),
    parallel: limitValue(settings.default_key_max_parallel),
    banner: settings.banner ?? "",
  };
}

/** What is sent. An address that the environment sets is left out: it could only be refused. */
export function generalInput(
  values: GeneralValues,
  { isUrlLocked }: { isUrlLocked: boolean },
): Record<string, unknown> {
  return {
    organisation_name: values.organisation_name,
    ...(isUrlLocked ? {} : { public_url: textOrNull(values.public_url) }),
    reporting_zone: values.reporting_zone ?? "",
    self_service_keys: values.self_service_keys,
    default_key_budget_usd: limitInput(values.budget),
    default_key_budget_period: values.period,
    default_key_rate_limit_rpm: limitCount(values.rpm),
    default_key_rate_limit_tpm: limitCount(values.tpm),
    default_key_max_parallel: limitCount(values.parallel),
    banner: textOrNull(values.banner),
  };
}

function textOrNull(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}
