import type { RetentionSettings } from "#lib/contract/settings.ts";

/** The retention settings as the form holds them. */
export interface RetentionValues extends Record<string, unknown> {
  payload_storage: RetentionSettings["payload_storage"];
  payload_days: string;
  log_days: string;
}

export function retentionValues(settings: RetentionSettings): RetentionValues {
  return {
    payload_storage: settings.payload_storage,
    payload_days: String(settings.payload_days),
    log_days: String(settings.log_days),
  };
}

/** What is sent; what is no number goes as it was typed, and is refused by name. */
export function retentionInput(values: RetentionValues): Record<string, unknown> {
  return {
    payload_storage: values.payload_storage,
    payload_days: countOf(values.payload_days),
    log_days: countOf(values.log_days),
  };
}

function countOf(text: string): number | string {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : text;
}

/** The days that are asked for, when they are days and remove more than the stored ones do. */
export function shorterDays(
  values: RetentionValues,
  stored: RetentionSettings,
): { logDays: number; payloadDays: number } | undefined {
  const { payload_days: payloadDays, log_days: logDays } = retentionInput(values);
  if (typeof payloadDays !== "number" || typeof logDays !== "number") {
    return undefined;
  }
  const isShorter = payloadDays < stored.payload_days || logDays < stored.log_days;
  const isValid = Math.min(payloadDays, logDays) >= 1;
  return isShorter && isValid ? { logDays, payloadDays } : undefined;
}
