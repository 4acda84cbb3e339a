import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/**
 * Pictures of the pages that are looked at most. Fonts are drawn differently by every Chromium, so a
 * picture is compared only by the version that took it (its number is in the file's name); another
 * version skips them until `npx playwright test looks --update-snapshots` took its own.
 */
const here = fileURLToPath(new URL(".", import.meta.url));

test.use({ reducedMotion: "reduce", viewport: { width: 1280, height: 900 } });

const PAGES = [
  { name: "overview", path: "/overview" },
  { name: "logs", path: "/logs" },
  { name: "keys", path: "/keys" },
] as const;

for (const theme of ["light", "dark"] as const) {
  for (const { name, path } of PAGES) {
    test(`${name} looks as it did, in the ${theme} theme`, async ({ page, browser }, testInfo) => {
      const picture = `${name}-${theme}-chromium-${browser.version().split(".")[0]}.png`;
      const isKept = existsSync(`${here}snapshots/${picture}`);
      test.skip(
        !isKept && testInfo.config.updateSnapshots !== "all",
        "There is no picture of this version of Chromium.",
      );
      await page.goto(path);
      await expect(page.locator("main h1")).toBeVisible();
      await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
      await show(page, theme);
      await expect(page).toHaveScreenshot(picture, {
        animations: "disabled",
        // The demo data end now: figures and times differ from day to day, the layout must not.
        mask: [
          page.locator("main table tbody"),
          page.locator('main [role="img"]'),
          page.locator("time"),
        ],
        maxDiffPixelRatio: 0.03,
      });
    });
  }
}

async function show(page: Page, theme: string): Promise<void> {
  await page.evaluate((name) => {
    document.documentElement.dataset["theme"] = name;
  }, theme);
}
