import { THEME_COOKIE, type Theme } from "#lib/contract/preferences.ts";
import { BASE_PATH } from "../base-path.ts";

const YEAR_S = 31_536_000;

/** A cookie that the server reads to write the page right at once; no secret, so scripts may set it. */
export function rememberInCookie(name: string, value: string): void {
  const path = BASE_PATH === "" ? "/" : BASE_PATH;
  // biome-ignore lint/suspicious/noDocumentCookie: Safari and plain http have no cookieStore.
  document.cookie = `${name}=${encodeURIComponent(value)}; path=${path}; max-age=${YEAR_S}; samesite=lax`;
}

/** Shows a theme now, and on the next page from the start. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  rememberInCookie(THEME_COOKIE, theme);
}
