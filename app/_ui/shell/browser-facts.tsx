"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { ZONE_COOKIE } from "#lib/contract/preferences.ts";
import { usePreferences, useViewer } from "../viewer-context.tsx";
import { applyTheme, rememberInCookie } from "./theme.ts";

/**
 * Tells the server what only a browser knows, its zone, and the browser what only the server knows,
 * the theme and motion that this person chose. Once both agree it does nothing.
 */
export function BrowserFacts() {
  const { zone } = useViewer();
  const { preferences } = usePreferences();
  const { theme, reducedMotion } = preferences;
  const router = useRouter();

  useEffect(() => {
    if (document.documentElement.dataset["theme"] !== theme) {
      applyTheme(theme);
    }
  }, [theme]);

  useEffect(() => {
    document.documentElement.dataset["motion"] = reducedMotion ? "reduce" : "auto";
  }, [reducedMotion]);

  useEffect(() => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (document.cookie.includes(`${ZONE_COOKIE}=${encodeURIComponent(here)}`)) {
      return;
    }
    rememberInCookie(ZONE_COOKIE, here);
    if (preferences.zone === "browser" && zone !== here) {
      router.refresh();
    }
  }, [zone, preferences.zone, router]);

  return null;
}
