import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/**
 * Pictures of the pages that are looked at most, at the widths of a phone, a tablet, a laptop and a
 * desk. Fonts are drawn differently by every Chromium, so a picture is compared only by the version
 * that took it (its number is in the file's name); another version skips them until
 * `npx playwright test looks --update-snapshots` took its own.
 */
const here = fileURLToPath(new URL(".", import.meta.url));

test.use({ reducedMotion: "reduce" });

/** Each brings a page to where it is looked at. */
const LOOKS: Readonly<Record<string, (page: Page, ask: () => Promise<string>) => Promise<void>>> = {
  overview: (page) => open(page, "/overview"),
  logs: (page) => open(page, "/logs"),
  keys: (page) => open(page, "/keys"),
  async drawer(page, ask) {
    await open(page, `/logs?log=${await ask()}`);
    const drawer = page.getByRole("complementary", { name: "Request" });
    await expect(drawer.getByRole("tab", { name: "Timeline" })).toBeVisible();
  },
  async reveal(page) {
    await open(page, "/keys");
    await page.getByRole("button", { name: "Create key" }).click();
    const sheet = page.getByRole("dialog", { name: "Create key" });
    await sheet.getByLabel("Name").fill("Picture");
    await sheet.getByRole("button", { name: "Create key" }).click();
    await expect(page.getByRole("dialog", { name: "Picture is ready" })).toBeVisible();
  },
};

const THEMES = { light: [1280, 390, 768, 1920], dark: [1280] } as const;

/**
 * The demo data end now, so that figures, times, and how many there are of what differ from hour to
 * hour; the layout must not. What varies is hidden, in a place whose size does not hang on it.
 */
const STILL = `
  *, ::before, ::after { transition: none !important; animation: none !important; }
  main table { table-layout: fixed; width: 100%; }
  main tbody, main nav[aria-label="Older and newer"], main [role="img"], time,
  main figure[aria-label] > *, main aside[aria-label="Filters"] > *,
  main ul[aria-label="Figures"] a > :nth-child(n + 2), main ul:not([aria-label]),
  main h2 ~ p, [role="dialog"] code,
  [aria-label="Request"] dd, [aria-label="Request"] code, [aria-label="Timeline"] * {
    visibility: hidden;
  }
  main figure[aria-label]:has(figcaption) { height: 150px; overflow: hidden; }
  main ul[aria-label="Figures"] li { height: 176px; overflow: hidden; }
  [role="dialog"] textarea, [role="dialog"] textarea::selection { color: transparent; }
  .bg-chip-warning-bg:has(+ main) { display: none; }
  [aria-label="Request"] dd { width: 64px; white-space: nowrap; overflow: hidden; }
`;

const SIGHTS = Object.keys(LOOKS).flatMap((name) =>
  (["light", "dark"] as const).map((theme) => ({ name, theme })),
);

for (const { name, theme } of SIGHTS) {
  test(`${name} looks as it did, in the ${theme} theme`, async ({
    page,
    api,
    world,
    browser,
  }, testInfo) => {
    const version = browser.version().split(".")[0];
    const pictures = THEMES[theme].map((width) => ({
      width,
      picture: `${name}-${width}-${theme}-chromium-${version}.png`,
    }));
    const isKept = pictures.some(({ picture }) => existsSync(`${here}snapshots/${picture}`));
    test.skip(
      !isKept && testInfo.config.updateSnapshots !== "all",
      "There is no picture of this version of Chromium.",
    );
    await LOOKS[name]?.(page, () => askOnce(world.url, api));
    await page.evaluate(
      ({ css, value }) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        document.documentElement.dataset["theme"] = value;
      },
      { css: STILL, value: theme },
    );
    for (const { width, picture } of pictures) {
      await page.setViewportSize({ width, height: 900 });
      await expect
        .soft(page)
        .toHaveScreenshot(picture, { animations: "disabled", maxDiffPixelRatio: 0.03 });
    }
  });
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator("main h1")).toBeVisible();
  await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
}

/** One request to a model that answers by itself; its id. */
async function askOnce(
  url: string,
  api: { addKey(fields: Record<string, unknown>): Promise<{ key: string }> },
): Promise<string> {
  const { key } = await api.addKey({ alias: `picture-${Date.now().toString(36)}` });
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: "Hello" }] }),
  });
  expect(reply.status).toBe(200);
  await reply.text();
  return reply.headers.get("x-request-id") ?? "";
}
