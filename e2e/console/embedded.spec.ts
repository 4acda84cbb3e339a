import { startServer } from "#lib/testing/process.ts";
import { expect, test } from "./fixtures.ts";

/** What a newcomer has after `make start`: no Postgres, no Redis, nobody yet. */
test.use({ as: "guest" });

test("an install on the embedded database is set up and answers a first request", async ({
  browser,
  problems,
}) => {
  test.slow();
  const token = "setup-token-of-the-embedded-test";
  const server = await startServer({
    env: { CONDUIT_SETUP_TOKEN: token, CONDUIT_ADMIN_KEY: "admin-key-of-the-embedded-test-0001" },
  });
  const context = await browser.newContext({
    baseURL: server.url,
    storageState: { cookies: [], origins: [] },
  });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    for (const path of ["/", "/keys", "/sign-in"]) {
      await page.goto(path);
      await expect(page).toHaveURL(/\/setup/);
    }
    await page.getByLabel("Setup token").fill(token);
    await page.getByLabel("Name", { exact: true }).fill("First admin");
    await page.getByLabel("Email").fill("first@example.com");
    await page.getByLabel(/^Password/).first().fill("a-long-enough-password");
    await page.getByLabel(/^(?:Confirm|Repeat)/).fill("a-long-enough-password");
    await page.getByRole("button", { name: /^(?:Continue|Next|Create)/ }).click();
    await expect(page).toHaveURL(/step=2/);
    expect(complaints).toEqual([]);
    problems.allow(/^$/);
  } finally {
    await context.close();
    await server.close();
  }
});
