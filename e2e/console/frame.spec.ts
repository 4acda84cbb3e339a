import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";

test.describe("the frame around every page", () => {
  test("leads from page to page and puts the focus on the heading", async ({ page }) => {
    await page.goto("/models");
    await page
      .getByRole("navigation", { name: "Pages" })
      .getByRole("link", { name: "Keys" })
      .click();
    await expect(page).toHaveURL(/^[^?]*\/keys$/);
    await expect(page.getByRole("heading", { level: 1, name: "Keys" })).toBeFocused();
    await expect(page).toHaveTitle(/Keys/);
  });

  test("is skipped by its first link", async ({ page }) => {
    await page.goto("/models");
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to the page" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.locator("main")).toBeFocused();
  });

  test("goes to a page by two keys, and not while somebody types", async ({ page }) => {
    await page.goto("/models");
    // Keys are heard once the page is alive, which nothing on it shows.
    await expect(async () => {
      await page.keyboard.press("g");
      await page.keyboard.press("k");
      await expect(page).toHaveURL(/\/keys$/, { timeout: 2000 });
    }).toPass();
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Go to a page").fill("gm");
    await expect(page).toHaveURL(/^[^?]*\/keys$/);
  });

  test("finds pages, keys and pasted request ids", async ({ page }) => {
    await page.goto("/models");
    await page.getByRole("button", { name: "Search" }).click();
    const box = page.getByPlaceholder("Go to a page");
    await expect(box).toBeFocused();
    await expectAccessible(page);
    await box.fill("budg");
    await expect(page.getByRole("option", { name: /Budgets/ })).toBeVisible();
    await expect(page.getByRole("option", { name: /Overview/ })).toBeHidden();
    await box.fill("0199aa11-2222-7333-8444-555566667777");
    await expect(page.getByRole("option", { name: /Open request/ })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Search" })).toBeFocused();
  });

  test("lists the shortcuts of the page", async ({ page }) => {
    await page.goto("/models");
    const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await expect(async () => {
      await page.keyboard.press("?");
      await expect(sheet).toBeVisible({ timeout: 2000 });
    }).toPass();
    await expect(sheet.getByText("Go to logs")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(sheet).toBeHidden();
  });

  test("keeps the theme that was chosen", async ({ page }) => {
    await page.goto("/models");
    const html = page.locator("html");
    for (const [name, value] of [
      ["Dark", "dark"],
      ["As the system", "system"],
    ] as const) {
      await page.getByRole("button", { name: /^Account of/ }).click();
      await page.getByRole("menuitemradio", { name }).click();
      await expect(html).toHaveAttribute("data-theme", value);
      await page.keyboard.press("Escape");
      await page.reload();
      await expect(html).toHaveAttribute("data-theme", value);
    }
  });

  test("says that the network is away", async ({ page, context, problems }) => {
    problems.allow(/ERR_INTERNET_DISCONNECTED/);
    await page.goto("/models");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await context.setOffline(true);
    await expect(page.getByText("You are offline.")).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText("You are offline.")).toBeHidden();
  });

  test("fits a phone, with every page behind More", async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 700 });
    await page.goto("/models");
    await expectNoSidewaysScroll(page);
    await page.getByRole("button", { name: "More" }).click();
    const sheet = page.getByRole("dialog", { name: "All pages" });
    await sheet.getByRole("link", { name: "Routing" }).click();
    await expect(page).toHaveURL(/^[^?]*\/routing$/);
    await expect(sheet).toBeHidden();
  });
});

test.describe("for a member", () => {
  test.use({ as: "member" });

  test("shows no page that the role may not open, and says who can", async ({ page, problems }) => {
    problems.allow(/status of 403/);
    await page.goto("/models");
    const pages = page.getByRole("navigation", { name: "Pages" });
    await expect(pages.getByRole("link", { name: "Keys" })).toBeVisible();
    await expect(pages.getByRole("link", { name: "Settings" })).toHaveCount(0);
    const response = await page.goto("/settings");
    expect(response?.status()).toBe(403);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(
      "Settings is not open to you",
    );
    await expect(page.getByRole("link", { name: "admin@example.com" })).toBeVisible();
    await expectAccessible(page);
  });

  test("ends the session on the way out", async ({ browser, world, problems }) => {
    // A session of its own, so that the others stay signed in.
    const context = await browser.newContext({
      baseURL: world.url,
      storageState: { cookies: [], origins: [] },
    });
    problems.watch(context);
    const page = await context.newPage();
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill("member@example.com");
    await page.getByLabel("Password", { exact: true }).fill("conduit-demo-password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("button", { name: /^Account of/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/sign-in/);
    await page.goto("/keys");
    await expect(page).toHaveURL(/\/sign-in/);
    await context.close();
  });
});

test.describe("for a guest", () => {
  test.use({ as: "guest" });

  test("there is only the way in", async ({ page }) => {
    await page.goto("/");
    await expect(page).toHaveURL(/\/sign-in/);
    await expectAccessible(page);
  });

  test("an unknown address is a 404", async ({ page, problems }) => {
    problems.allow(/status of 404/);
    const response = await page.goto("/there-is-no-such-page");
    expect(response?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1, name: "Not found" })).toBeVisible();
  });
});
