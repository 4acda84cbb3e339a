import type { Browser, Page } from "@playwright/test";
import { type Gateway, startGateway, TEST_SECRETS } from "#lib/testing/gateway.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";

const TOKEN = "a-setup-token-of-the-tests-5e4d3c2b1a";
const PASSWORD = "four random words here";

/** An install of this spec's own that nobody has set up. */
async function startFresh(): Promise<Gateway> {
  return await startGateway({ env: { ...TEST_SECRETS, CONDUIT_SETUP_TOKEN: TOKEN } });
}

async function openPage(browser: Browser, gateway: Gateway): Promise<Page> {
  const context = await browser.newContext({
    baseURL: gateway.url,
    locale: "en-GB",
    timezoneId: "Asia/Kathmandu",
  });
  return await context.newPage();
}

async function fillAdmin(page: Page, email: string, token = TOKEN): Promise<void> {
  await page.getByLabel("Setup token").fill(token);
  await page.getByLabel("Name (required)").first().fill("First admin");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel(/^Password \(required\)/).fill(PASSWORD);
  await page.getByLabel(/^Password again/).fill(PASSWORD);
}

const create = (page: Page) => page.getByRole("button", { name: "Create the administrator" });

test.describe("the first run", () => {
  test.use({ as: "guest" });

  test("leads from the token to a first answer, and is gone afterwards", async ({ browser }) => {
    test.setTimeout(240_000);
    const gateway = await startFresh();
    const page = await openPage(browser, gateway);
    try {
      for (const path of ["/", "/overview", "/keys", "/sign-in", "/settings/general"]) {
        await page.goto(path);
        await expect(page).toHaveURL(/^[^?]*\/setup$/);
      }

      await fillAdmin(page, "first@example.com", "not-the-token");
      await create(page).click();
      await expect(page.getByText(/not the setup token/).first()).toBeVisible();
      await expect(page.getByLabel("Email")).toHaveValue("first@example.com");
      await expectAccessible(page);

      await page.getByLabel("Setup token").fill(TOKEN);
      await create(page).click();
      await expect(page).toHaveURL(/step=2/);
      await expect(page.getByLabel("Public address")).toHaveValue(gateway.url);
      await expect(page.getByLabel("Reporting time zone")).toHaveValue(/^Asia\/Kath?mandu$/);
      await page.getByLabel("Name (required)").fill("Example");
      await page.getByLabel("Public address").fill("http://llm.example.com");
      await expect(page.getByText(/plain http/)).toBeVisible();

      await page.getByRole("button", { name: "Back" }).click();
      await expect(page.getByText("first@example.com")).toBeVisible();
      await page.goBack();
      await expect(page.getByLabel("Name (required)")).toHaveValue("Example");
      await page.getByLabel("Public address").fill(gateway.url);
      await expectAccessible(page);
      await page.getByRole("button", { name: "Save and continue" }).click();

      await expect(page).toHaveURL(/step=3/);
      await expect(page.getByLabel("Provider (required)")).toHaveValue("Mock");
      await page.reload();
      await expect(page.getByLabel("Model (required)")).toHaveValue("mock-1");
      await expectAccessible(page);
      await page.getByRole("button", { name: "Add and continue" }).click();

      await expect(page).toHaveURL(/step=4/);
      await page.getByRole("button", { name: "Create the key" }).click();
      const key = await page.getByLabel("Your key").inputValue();
      await expect(page.getByText("Waiting for your first request")).toBeVisible();
      await expect(page.getByRole("link", { name: "Open the console" })).toHaveCount(0);
      await page.setViewportSize({ width: 390, height: 844 });
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);

      const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "mock-1", messages: [{ role: "user", content: "Hello" }] }),
      });
      expect(reply.status).toBe(200);
      await expect(page.getByText(/^Received: 200, .*, \$0\.00/)).toBeVisible({ timeout: 20_000 });

      await page.getByRole("checkbox", { name: "I have stored this key" }).click();
      await page.getByRole("link", { name: "Open its log" }).click();
      await expect(page).toHaveURL(/\/logs\/[0-9a-f-]{36}$/);
      const gone = await page.goto("/setup");
      expect(gone?.status()).toBe(404);
    } finally {
      await page.context().close();
      await gateway.close();
    }
  });

  test("makes one administrator when two tabs race for it", async ({ browser }) => {
    test.setTimeout(180_000);
    const gateway = await startFresh();
    const [one, other] = [await openPage(browser, gateway), await openPage(browser, gateway)];
    try {
      await one.goto("/setup");
      await other.goto("/setup");
      await fillAdmin(one, "one@example.com");
      await fillAdmin(other, "other@example.com");
      await Promise.all([create(one).click(), create(other).click()]);

      const won = (page: Page) => page.getByRole("button", { name: "Save and continue" });
      const lost = (page: Page) => page.getByText(/An administrator was created a moment ago/);
      await expect(won(one).or(lost(one))).toBeVisible();
      await expect(won(other).or(lost(other))).toBeVisible();
      const winners = [await won(one).isVisible(), await won(other).isVisible()];
      expect(winners.filter(Boolean)).toHaveLength(1);
      const { users } = (await gateway.admin("GET", "/users?role=admin")) as { users: unknown[] };
      expect(users).toHaveLength(1);

      const late = winners[0] ? other : one;
      await late.reload();
      await expect(late.getByText(/administrator exists already/)).toBeVisible();
    } finally {
      await one.context().close();
      await other.context().close();
      await gateway.close();
    }
  });
});
