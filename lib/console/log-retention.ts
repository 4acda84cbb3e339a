import type { RetentionSettings } from "#lib/contract/settings.ts";
import { currentSettings } from "#lib/db/settings.ts";

/** For how long requests and their payloads are kept; no secret to anybody who sees the list. */
export function showRetention(): Pick<RetentionSettings, "log_days" | "payload_days"> {
  const { log_days, payload_days } = currentSettings().retention;
  return { log_days, payload_days };
}
