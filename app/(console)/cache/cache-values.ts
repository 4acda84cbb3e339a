import type { CacheSettings } from "#lib/contract/cache-settings.ts";

/** The cache settings as the form holds them; the threshold has its own place. */
export interface CacheValues extends Record<string, unknown> {
  exact_enabled: boolean;
  semantic_enabled: boolean;
  ttl_seconds: string;
  semantic_ttl_seconds: string;
  embedding_model: string | null;
  /** Percent. */
  sample_share: string;
  max_entry_kib: string;
  min_prompt_chars: string;
  excluded_models: string[];
}

export function cacheValues(settings: CacheSettings): CacheValues {
  return {
    exact_enabled: settings.exact_enabled,
    semantic_enabled: settings.semantic_enabled,
    ttl_seconds: String(settings.ttl_seconds),
    semantic_ttl_seconds: String(settings.semantic_ttl_seconds),
    embedding_model: settings.embedding_model,
    sample_share: percentOf(settings.sample_share),
    max_entry_kib: String(settings.max_entry_kib),
    min_prompt_chars: String(settings.min_prompt_chars),
    excluded_models: settings.excluded_models,
  };
}

/** What is sent; what is no number goes as it was typed, and is refused by name. */
export function cacheInput(values: CacheValues): Record<string, unknown> {
  return {
    exact_enabled: values.exact_enabled,
    semantic_enabled: values.semantic_enabled,
    ttl_seconds: countOf(values.ttl_seconds),
    semantic_ttl_seconds: countOf(values.semantic_ttl_seconds),
    embedding_model: values.embedding_model,
    sample_share: shareOf(values.sample_share),
    max_entry_kib: countOf(values.max_entry_kib),
    min_prompt_chars: countOf(values.min_prompt_chars),
    excluded_models: values.excluded_models,
  };
}

function countOf(text: string): number | string {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : text;
}

/** Whole thousandths of a percent, so that 2 % and 0.02 are the same in both directions. */
function percentOf(share: number): string {
  return String(Math.round(share * 100_000) / 1000);
}

function shareOf(text: string): number | string {
  return /^\d{1,3}(\.\d{1,3})?$/.test(text.trim())
    ? Math.round(Number(text) * 1000) / 100_000
    : text;
}
