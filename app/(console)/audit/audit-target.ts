import type { AuditEvent } from "#lib/contract/audit.ts";

/** Where objects of a kind have a page; the others have none. */
const PAGES: Readonly<Record<string, (id: string) => string>> = {
  api_key: (id) => `/keys/${id}`,
  team: (id) => `/teams/${id}`,
  deployment: (id) => `/models/${id}`,
  circuit: (id) => `/models/${id}`,
  alias: (name) => `/routing/${encodeURIComponent(name)}`,
  guardrail: (id) => (id === "order" ? "/guardrails" : `/guardrails/${id}`),
  request: (id) => `/logs/${id}`,
  user: () => "/members",
  budget: () => "/budgets",
  price: () => "/settings/pricing",
  job: () => "/health",
  cache: () => "/cache?tab=entries",
};

/** Sections of the settings; that of the caches stands on their own page. */
const SETTINGS: Readonly<Record<string, string>> = {
  general: "/settings/general",
  retention: "/settings/retention",
  security: "/settings/security",
  sso: "/settings/sso",
  cache: "/cache?tab=settings",
};

/** The page of an event's object; `undefined` when it has none, or is gone. */
export function targetHref({
  action,
  target_type: type,
  target_id: id,
  target_name: name,
}: Pick<AuditEvent, "action" | "target_type" | "target_id" | "target_name">): string | undefined {
  if (id === null || /\.(?:delete|remove)$/.test(action)) {
    return undefined;
  }
  if (type === "settings") {
    return SETTINGS[id];
  }
  if (type === "prompt") {
    // Its page stands under its name, which never changes.
    return name === null ? undefined : `/prompts/${encodeURIComponent(name)}`;
  }
  return PAGES[type]?.(id);
}

/** `api_key` as "API key". */
export function inWords(name: string): string {
  const words = name
    .replaceAll("_", " ")
    .replace(/\bapi\b/, "API")
    .replace(/\bsso\b/, "SSO");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
