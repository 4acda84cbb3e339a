import type { RequestLogInfo } from "#lib/contract/request-log.ts";
import type { CsvCell } from "./csv.ts";

interface CsvColumn {
  name: string;
  read: (log: RequestLogInfo, localTime: string) => CsvCell;
}

/** What a file of requests holds: amounts, counts and times as they are, none of them shortened. */
export const CSV_COLUMNS: readonly CsvColumn[] = [
  { name: "time_utc", read: (log) => log.created_at },
  { name: "time_reporting_zone", read: (_, localTime) => localTime },
  { name: "request_id", read: (log) => log.id },
  { name: "outcome", read: (log) => log.label },
  { name: "status", read: (log) => log.status },
  { name: "error_code", read: (log) => log.error_code },
  { name: "endpoint", read: (log) => log.endpoint },
  { name: "model_asked", read: (log) => log.model_asked },
  { name: "alias", read: (log) => log.alias },
  { name: "model", read: (log) => log.model },
  { name: "provider", read: (log) => log.provider },
  { name: "deployment", read: (log) => log.deployment },
  { name: "key_id", read: (log) => log.key_id },
  { name: "key_name", read: (log) => log.key_name },
  { name: "user_id", read: (log) => log.user_id },
  { name: "user_email", read: (log) => log.user_email },
  { name: "team_id", read: (log) => log.team_id },
  { name: "team_name", read: (log) => log.team_name },
  { name: "input_tokens", read: (log) => log.tokens.input },
  { name: "cache_read_tokens", read: (log) => log.tokens.cache_read },
  { name: "cache_write_5m_tokens", read: (log) => log.tokens.cache_write_5m },
  { name: "cache_write_1h_tokens", read: (log) => log.tokens.cache_write_1h },
  { name: "output_tokens", read: (log) => log.tokens.output },
  { name: "reasoning_tokens", read: (log) => log.tokens.reasoning },
  { name: "audio_in_tokens", read: (log) => log.tokens.audio_in },
  { name: "audio_out_tokens", read: (log) => log.tokens.audio_out },
  // An unknown price is no amount.
  { name: "cost_usd", read: (log) => (log.price_state === "unpriced" ? null : log.cost_usd) },
  { name: "price_state", read: (log) => log.price_state },
  { name: "latency_ms", read: (log) => log.latency_ms },
  { name: "ttft_ms", read: (log) => log.ttft_ms },
  { name: "overhead_ms", read: (log) => log.overhead_ms },
  { name: "attempts", read: (log) => log.attempts },
  { name: "streamed", read: (log) => log.stream },
  { name: "cache", read: (log) => log.cache },
  { name: "saved_usd", read: (log) => log.saved_usd },
  { name: "guardrail", read: (log) => log.guardrail },
  { name: "prompt", read: (log) => log.prompt },
  { name: "prompt_version", read: (log) => log.prompt_version },
  { name: "session", read: (log) => log.session },
  {
    name: "tags",
    read: (log) => (Object.keys(log.tags).length === 0 ? null : JSON.stringify(log.tags)),
  },
  { name: "ip", read: (log) => log.ip },
  { name: "user_agent", read: (log) => log.user_agent },
];
