import { startServer } from "#lib/testing/process.ts";
import { findRedisServer, startRedis } from "#lib/testing/redis.ts";
import { expect, test } from "./fixtures.ts";

test.use({ as: "guest" });

const TOKEN = "setup-token-of-the-degraded-test";

test("while Redis is away pages work, say so in words, and requests are answered", async ({
  browser,
}) => {
  test.slow();
  test.skip(findRedisServer() === undefined, "There is no redis-server on PATH.");
  const redis = await startRedis();
  const server = await startServer({
    env: { CONDUIT_SETUP_TOKEN: TOKEN, REDIS_URL: redis.url },
  });
  const context = await browser.newContext({
    baseURL: server.url,
    storageState: { cookies: [], origins: [] },
  });
  try {
    const page = await context.newPage();
    await page.goto(`/setup?token=${TOKEN}`);
    await page.getByLabel("Setup token").fill(TOKEN);
    await page.getByLabel("Name").fill("First admin");
    await page.getByLabel("Email").fill("first@example.com");
    await page.getByRole("textbox", { name: /^Password \(/ }).fill("four random words here");
    await page.getByRole("textbox", { name: /^Password again/ }).fill("four random words here");
    await page.getByRole("button", { name: "Create the administrator" }).click();
    await page.getByLabel("Name").fill("Test install");
    await page.getByRole("button", { name: "Save and continue" }).click();
    await page.getByRole("button", { name: "Add and continue" }).click();
    await page.getByLabel("Name of the key").fill("first app");
    await page.getByRole("button", { name: "Create the key" }).click();
    const key = await page.getByRole("textbox", { name: "Your key" }).inputValue();

    await redis.stop();

    await test.step("a request is answered", async () => {
      const reply = await fetch(`${server.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "mock-1", messages: [{ role: "user", content: "Hello" }] }),
      });
      expect(reply.status).toBe(200);
    });
    await test.step("health says what that means", async () => {
      await page.goto("/health");
      await expect(page.locator("main h1")).toBeVisible();
      await expect(page.getByText(/Nothing is let through without a limit/)).toBeVisible({
        timeout: 30_000,
      });
    });
    for (const path of ["/overview", "/logs", "/keys", "/budgets"]) {
      await test.step(`${path} is there`, async () => {
        await page.goto(path);
        await expect(page.locator("main h1")).toBeVisible();
        await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
      });
    }
    await page.goto("/overview");
    await expect(page.getByText("Redis does not answer").first()).toBeVisible();
  } finally {
    await context.close();
    await server.close();
    await redis.stop();
  }
});
