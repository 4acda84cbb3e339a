import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { PASSWORD } from "./world.ts";

/** Most who host it themselves reach it by a plain address at first: no clipboard, no secure cookies. */
test.use({ as: "guest", permissions: [] });

async function signIn(page: Page, port: string): Promise<void> {
  await page.goto(`http://console.test:${port}/sign-in`);
  await page.getByLabel("Email").fill("admin@example.com");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/overview/);
}

test("on a plain host name, what is said to be copied is really in the clipboard", async ({
  page,
  world,
}) => {
  const { port } = new URL(world.url);
  await signIn(page, port);
  expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
  await page.goto(`http://console.test:${port}/logs?range=7d&unpriced=false`);
  const copy = page.getByRole("button", { name: "Copy link" });
  await copy.click();
  const told = page.getByText("Copied");
  const manual = page.getByText(/Press (?:Cmd|Ctrl)/);
  await expect(told.or(manual).first()).toBeVisible();
  if (await told.first().isVisible()) {
    await page.getByRole("button", { name: "Search" }).click();
    const box = page.getByPlaceholder("Go to a page");
    await box.focus();
    await page.keyboard.press("Control+v");
    await expect(box).toHaveValue(/^http:\/\/console\.test:\d+\/logs\?range=7d&unpriced=false$/);
  }
});
