import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/**
 * Pictures of the pages that are looked at most, at the widths of a phone, a tablet, a laptop and a
 * desk. Fonts are drawn differently by every Chromium, so a picture is compared only by the version
 * that took it (its number is in the file's name); another version skips them until
 * `npx playwright test looks --update-snapshots` took its own.
 */
const here = fileURLToPath(new URL(".", import.meta.url));

test.use({ reducedMotion: "reduce" });

/** Each brings a page to where it is looked at, and gives the words that differ from run to run. */
const LOOKS: Readonly<
  Record<string, (page: Page, ask: () => Promise<string>) => Promise<Locator[]>>
> = {
  overview: (page) => open(page, "/overview"),
  logs: (page) => open(page, "/logs"),
  keys: (page) => open(page, "/keys"),
  async drawer(page, ask) {
    const masks = await open(page, `/logs?log=${await ask()}`);
    const drawer = page.getByRole("complementary", { name: "Request" });
    await expect(drawer.getByRole("tab", { name: "Timeline" })).toBeVisible();
    return [...masks, drawer.locator("dd"), drawer.locator("figure"), drawer.locator("code")];
  },
  async reveal(page) {
    const masks = await open(page, "/keys");
    await page.getByRole("button", { name: "Create key" }).click();
    const sheet = page.getByRole("dialog", { name: "Create key" });
    await sheet.getByLabel("Name").fill("Picture");
    await sheet.getByRole("button", { name: "Create key" }).click();
    const dialog = page.getByRole("dialog", { name: "Picture is ready" });
    await expect(dialog).toBeVisible();
    return [...masks, dialog.getByLabel("Your key"), dialog.locator("code")];
  },
};

const SIGHTS = [
  { width: 390, theme: "light" },
  { width: 768, theme: "light" },
  { width: 1280, theme: "light" },
  { width: 1280, theme: "dark" },
  { width: 1920, theme: "light" },
] as const;

for (const [name, show] of Object.entries(LOOKS)) {
  for (const { width, theme } of SIGHTS) {
    test(`${name} looks as it did at ${width} px, in the ${theme} theme`, async ({
      page,
      api,
      world,
      browser,
    }, testInfo) => {
      const version = browser.version().split(".")[0];
      const picture = `${name}-${width}-${theme}-chromium-${version}.png`;
      const isKept = existsSync(`${here}snapshots/${picture}`);
      test.skip(
        !isKept && testInfo.config.updateSnapshots !== "all",
        "There is no picture of this version of Chromium.",
      );
      await page.setViewportSize({ width, height: 900 });
      const mask = await show(page, () => askOnce(world.url, api));
      await page.evaluate((value) => {
        document.documentElement.dataset["theme"] = value;
      }, theme);
      await expect(page).toHaveScreenshot(picture, {
        animations: "disabled",
        mask,
        maxDiffPixelRatio: 0.03,
      });
    });
  }
}

/** The demo data end now: figures and times differ from day to day, the layout must not. */
async function open(page: Page, path: string): Promise<Locator[]> {
  await page.goto(path);
  await expect(page.locator("main h1")).toBeVisible();
  await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
  return [
    page.locator("main table tbody"),
    page.locator('main [role="img"]'),
    page.locator("time"),
  ];
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
