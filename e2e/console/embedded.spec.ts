import { startServer } from "#lib/testing/process.ts";
import { expect, test } from "./fixtures.ts";

/** What a newcomer has after `make start`: no Postgres, no Redis, nobody yet. */
test.use({ as: "guest" });

const TOKEN = "setup-token-of-the-embedded-test";

test("an install on the embedded database is set up and answers a first request", async ({
  browser,
}) => {
  test.slow();
  const server = await startServer({ env: { CONDUIT_SETUP_TOKEN: TOKEN } });
  const context = await browser.newContext({
    baseURL: server.url,
    storageState: { cookies: [], origins: [] },
  });
  const complaints: string[] = [];
  context.on("weberror", (error) => complaints.push(error.error().message));
  try {
    const page = await context.newPage();
    for (const path of ["/", "/keys"]) {
      await page.goto(path);
      await expect(page).toHaveURL(/\/setup/);
    }
    await test.step("who runs it", async () => {
      await page.getByLabel("Setup token").fill(TOKEN);
      await page.getByLabel("Name").fill("First admin");
      await page.getByLabel("Email").fill("first@example.com");
      await page.getByRole("textbox", { name: /^Password \(/ }).fill("four random words here");
      await page.getByRole("textbox", { name: /^Password again/ }).fill("four random words here");
      await page.getByRole("button", { name: "Create the administrator" }).click();
    });
    await test.step("what it is called", async () => {
      await page.getByLabel("Name").fill("Test install");
      await page.getByRole("button", { name: "Save and continue" }).click();
    });
    await test.step("what answers", async () => {
      await page.getByRole("button", { name: "Add and continue" }).click();
    });
    await page.getByLabel("Name of the key").fill("first app");
    await page.getByRole("button", { name: "Create the key" }).click();
    await expect(page.getByText("Waiting for your first request")).toBeVisible();
    const key = await page.getByRole("textbox", { name: "Your key" }).inputValue();
    const reply = await fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "mock-1", messages: [{ role: "user", content: "Hello" }] }),
    });
    expect(reply.status).toBe(200);
    await expect(page.getByText(/Received: 200/)).toBeVisible({ timeout: 20_000 });
    expect((await page.goto("/setup"))?.status()).toBe(404);
    await page.goto("/logs");
    await expect(page.getByRole("row", { name: /mock-1/ }).first()).toBeVisible();
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
    await server.close();
  }
});
