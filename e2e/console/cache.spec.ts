import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";

const TABS = ["Overview", "Stored answers", "Similarity", "Settings"] as const;

type Settings = Record<string, unknown>;

let before: Settings;
test.beforeEach(async ({ api }) => {
  before = (await api.admin("GET", "/cache/settings"))["values"] as Settings;
});
test.afterEach(async ({ api }) => {
  await api.admin("PATCH", "/cache/settings", before);
});

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved", { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toBeHidden();
}

test("every view can be used by everybody, at every width", async ({ page, api }) => {
  await api.admin("PATCH", "/cache/settings", { exact_enabled: true });
  await page.goto("/cache");
  const views = page.getByRole("navigation", { name: "Views of the cache" });
  for (const tab of TABS) {
    await views.getByRole("link", { name: tab }).click();
    await expect(views.getByRole("link", { name: tab })).toHaveAttribute("aria-current", "page");
    await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
    await expectAccessible(page);
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoSidewaysScroll(page);
    await page.setViewportSize({ width: 1280, height: 800 });
  }
});

test("the settings are saved with an event, and a wrong value is refused at its field", async ({
  page,
  api,
}) => {
  await page.goto("/cache?tab=settings");
  const kept = page.getByLabel("Kept for").first();
  await kept.fill("59");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(kept).toHaveAttribute("aria-invalid", "true");
  await kept.fill("7200");
  await save(page);
  expect((await api.admin("GET", "/cache/settings"))["values"]).toMatchObject({
    ttl_seconds: 7200,
  });
  const { events } = (await api.admin("GET", "/audit?target_type=settings&limit=1")) as {
    events: Record<string, unknown>[];
  };
  expect(events).toMatchObject([{ target_id: "cache", after: { ttl_seconds: 7200 } }]);
});

test("an answer is kept, given again, listed, told in its log entry and taken away", async ({
  page,
  api,
  world,
}) => {
  const name = `cached-${randomUUID().slice(0, 8)}`;
  await api.admin("PATCH", "/cache/settings", { exact_enabled: true, excluded_models: [] });
  await api.addDeployment({ name, provider: "mock", model_name: name });
  const { key } = await api.addKey({ user_email: "admin@example.com", alias: name });
  const ask = () =>
    fetch(`${world.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: name, messages: [{ role: "user", content: "Twice?" }] }),
    });
  const first = await ask();
  expect(first.headers.get("x-conduit-cache")).toBe("MISS");
  await first.text();
  await expect(async () => {
    const again = await ask();
    await again.text();
    expect(again.headers.get("x-conduit-cache")).toBe("HIT");
  }).toPass();

  await expect(async () => {
    await page.goto(`/cache?tab=entries&asked=${name}`);
    await expect(page.getByRole("row")).toHaveCount(2, { timeout: 1000 });
    await expect(page.getByRole("row").last()).toContainText("Exact");
  }).toPass();
  await expectAccessible(page);

  await expect(async () => {
    await page.goto(`/logs?asked=${name}&cache=hit`);
    await expect(page.getByRole("row").nth(1)).toBeVisible({ timeout: 2000 });
  }).toPass();

  await page.goto("/cache?tab=entries");
  await page.getByRole("button", { name: "Clear cache" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("combobox", { name: "Model" }).fill(name);
  await page.getByRole("option", { name }).click();
  await expect(dialog).toContainText("1 stored answer");
  await dialog.getByRole("button", { name: "Clear answers" }).click();
  await expect(page.getByText("1 stored answer cleared")).toBeVisible();
  const third = await ask();
  await third.text();
  expect(third.headers.get("x-conduit-cache")).toBe("MISS");
});

test("clearing all wants the word typed", async ({ page }) => {
  await page.goto("/cache?tab=entries");
  await page.getByRole("button", { name: "Clear cache" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("combobox", { name: "Which" }).click();
  await page.getByRole("option", { name: "All" }).click();
  await expect(dialog.getByRole("button", { name: "Clear answers" })).toBeDisabled();
  await dialog.getByLabel(/Type cache to confirm/).fill("cache");
  await expect(dialog.getByRole("button", { name: "Clear answers" })).toBeEnabled();
  await expectAccessible(page);
});

test.describe("who may not change it", () => {
  test.use({ as: "lead" });
  test("sees the figures of the own team, and nothing to change", async ({ page }) => {
    await page.goto("/cache?tab=settings");
    await expect(page.getByText("Admins set these.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Clear cache" })).toHaveCount(0);
    await expect(page.getByRole("switch")).toHaveCount(0);
    await expectAccessible(page);
  });
});
