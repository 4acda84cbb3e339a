import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";

const RANGE = "from=2026-10-26T23:00:00Z&to=2026-10-27T23:00:00Z";

test("the figures are those of the rows, and lead to their chart", async ({ page, sql }) => {
  const [exact] = await sql<{ count: number }[]>`
    select count(*)::int from request_logs
    where created_at >= '2026-10-26T23:00:00Z' and created_at < '2026-10-27T23:00:00Z'`;
  await page.goto(`/overview?${RANGE}`);
  const tile = page.getByRole("list", { name: "Figures" }).getByRole("link", { name: /Requests/ });

  await expect(tile).toContainText(String(exact?.count));
  await tile.click();
  await expect(page).toHaveURL(/\/usage\?.*metric=requests/);
  await expect(page).toHaveURL(/from=2026-10-26/);
});

test("what needs somebody stands there with the place to go", async ({ page }) => {
  await page.goto("/overview");
  const card = page.getByRole("listitem").filter({ hasText: "nightly-labels is over its budget" });

  await expect(card).toBeVisible();
  await card.getByRole("link").click();
  await expect(page).toHaveURL(/\/keys\/[0-9a-f-]{36}/);
});

test("a bar leads to the list of just its requests", async ({ page, sql }) => {
  await page.goto(`/overview?${RANGE}`);
  await page.getByRole("button", { name: "View as table: Requests by outcome" }).click();
  const table = page.getByRole("region", { name: "Requests by outcome as a table" });
  const bar = table
    .locator("tbody tr")
    .filter({ has: page.getByRole("link") })
    .first();
  const counts = await bar.getByRole("cell").allTextContents();
  const href = await bar.getByRole("link").getAttribute("href");
  const query = new URLSearchParams(href?.split("?")[1]);
  const [exact] = await sql<{ count: number }[]>`
    select count(*)::int from request_logs
    where created_at >= ${query.get("from") ?? ""} and created_at < ${query.get("to") ?? ""}`;

  expect(counts.reduce((sum, text) => sum + Number(text.replaceAll(",", "")), 0)).toBe(
    exact?.count,
  );
});

test("spenders can be listed by key, team, user and model", async ({ page }) => {
  await page.goto(`/overview?${RANGE}`);
  const spenders = page.getByRole("region", { name: "Top spenders" });
  await expect(spenders.getByRole("rowheader", { name: "Product" })).toBeVisible();
  await page.getByRole("button", { name: "Model", exact: true }).click();

  await expect(spenders.getByRole("rowheader", { name: "gpt-5.2" })).toBeVisible();
  await expect(spenders.getByRole("rowheader", { name: "Product" })).toHaveCount(0);
  await expect(page).toHaveURL(/by=model/);
});

test("a time without requests says so, and offers a longer one", async ({ page }) => {
  await page.goto("/overview?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z");
  await expect(page.getByText("No requests in this time.").first()).toBeVisible();
  await page.getByRole("link", { name: "Widen to 30 days" }).click();

  await expect(page).toHaveURL(/range=30d/);
  await expect(page.getByRole("list", { name: "Figures" })).not.toContainText("Requests0");
});

test.describe("for a member", () => {
  test.use({ as: "member" });

  test("shows what is left to spend and how to call, and nothing of the install", async ({
    page,
  }) => {
    await page.goto("/overview");

    await expect(page.getByRole("heading", { name: "Your allowance" })).toBeVisible();
    await expect(page.getByText(/OpenAI\(base_url="http/)).toBeVisible();
    await expect(page.getByText("Needs attention")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "User", exact: true })).toHaveCount(0);
  });
});

test("the page is accessible in both themes and fits a narrow screen", async ({ page }) => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(`/overview?${RANGE}`);
    await expect(page.getByRole("list", { name: "Figures" })).toBeVisible();
    await expectAccessible(page);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
});
