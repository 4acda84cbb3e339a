import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/** Days of October 2026 in Berlin; on the 25th clocks go back, so that it has 25 hours. */
const DAYS = [
  ["2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z"],
  ["2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"],
  ["2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z"],
] as const;
const [FROM] = DAYS[0];
const TO = DAYS[2][1];
const RANGE = `from=${FROM}&to=${TO}`;

const tableOf = (page: Page): Locator => page.getByRole("region", { name: "Usage by group" });
const totalRow = (page: Page): Locator => tableOf(page).getByRole("row", { name: /^Total/ });
const number = (text: string | null | undefined): number =>
  Number((text ?? "").replace(/[^0-9.-]/g, ""));

/** The cells of the row of everything, without its name. */
async function totals(page: Page): Promise<string[]> {
  await expect(totalRow(page)).toBeVisible();
  return await totalRow(page).getByRole("cell").allTextContents();
}

async function requestsOf(page: Page, query: string): Promise<number> {
  await page.goto(`/usage?${query}`);
  return number((await totals(page))[0]);
}

test("the row of everything is what the database adds up to", async ({ page, sql }) => {
  await page.goto(`/usage?${RANGE}`);
  const [requests, input, cached, output, spend] = await totals(page);
  const [exact] = await sql<
    { requests: number; input: string; cached: string; output: string; usd: number }[]
  >`
    select count(*)::int as requests, sum(cost_nanos)::float8 / 1e9 as usd,
      sum(input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens
        + audio_in_tokens) as input,
      sum(cache_read_tokens) as cached, sum(output_tokens + audio_out_tokens) as output
    from request_logs where created_at >= ${FROM} and created_at < ${TO}`;

  expect(number(requests)).toBe(exact?.requests);
  expect(number(input)).toBe(Number(exact?.input));
  expect(number(cached)).toBe(Number(exact?.cached));
  expect(number(output)).toBe(Number(exact?.output));
  expect(number(spend)).toBeCloseTo(exact?.usd ?? -1, 2);
});

test("single days add up to their range, the day of 25 hours among them", async ({ page, sql }) => {
  const whole = await requestsOf(page, RANGE);
  let sum = 0;
  for (const [from, to] of DAYS) {
    const day = await requestsOf(page, `from=${from}&to=${to}`);
    const [row] = await sql<{ count: number }[]>`
      select count(*)::int from request_logs where created_at >= ${from} and created_at < ${to}`;
    expect(day).toBe(row?.count);
    sum += day;
  }

  expect(sum).toBe(whole);
  expect(whole).toBeGreaterThan(0);
});

for (const timezoneId of ["UTC", "America/Los_Angeles", "Asia/Kolkata", "Asia/Kathmandu"]) {
  test.describe(`in a browser in ${timezoneId}`, () => {
    test.use({ timezoneId });

    test("the same instants are the same requests, and no time is drawn twice", async ({
      page,
    }) => {
      const whole = await requestsOf(page, RANGE);
      await page.goto(`/usage?${RANGE}&metric=requests&group=key&rollup=1d`);
      await page.getByRole("button", { name: /^View as table/ }).click();
      const table = page.getByRole("region", { name: "Requests by key as a table" });
      const heads = await table.locator("tbody th").allTextContents();
      expect(heads).toHaveLength(DAYS.length);
      expect(new Set(heads).size).toBe(DAYS.length);
      expect(number((await totals(page))[0])).toBe(whole);
    });
  });
}

test("the largest groups and Other are all of it, in every bar", async ({ page }) => {
  await page.goto(`/usage?${RANGE}&metric=requests&group=key&rollup=1d`);
  await page.getByRole("button", { name: /^View as table/ }).click();
  const bars = page.getByRole("region", { name: "Requests by key as a table" }).locator("tbody tr");
  await expect(bars).toHaveCount(DAYS.length);
  await expect(page.getByRole("columnheader", { name: "Other" })).toBeVisible();

  let sum = 0;
  for (const bar of await bars.all()) {
    for (const cell of await bar.getByRole("cell").allTextContents()) {
      sum += number(cell);
    }
  }
  expect(sum).toBe(number((await totals(page))[0]));
});

test("a row leads to just its requests", async ({ page, sql }) => {
  await page.goto(`/usage?${RANGE}&provider=openai`);
  const row = tableOf(page).getByRole("row", { name: /^gpt-5\.2 / });
  const requests = number(await row.getByRole("cell").first().textContent());
  const link = row.getByRole("link", { name: "View logs of gpt-5.2" });
  const query = new URLSearchParams((await link.getAttribute("href"))?.split("?")[1]);
  const [exact] = await sql<{ count: number }[]>`
    select count(*)::int from request_logs
    where created_at >= ${FROM} and created_at < ${TO}
      and provider = 'openai' and coalesce(model, model_asked) = 'gpt-5.2'`;

  expect(requests).toBe(exact?.count);
  expect(Object.fromEntries(query)).toMatchObject({ provider: "openai", model: "gpt-5.2" });
  await link.click();
  await expect(page).toHaveURL(/\/logs\?/);
  await expect(page.getByRole("heading", { level: 1, name: "Logs" })).toBeVisible();
});

test("what is looked at is in the address, and comes back with it", async ({ page }) => {
  await page.goto(`/usage?${RANGE}`);
  await page.getByRole("combobox", { name: "Group by" }).click();
  await page.getByRole("option", { name: "Provider" }).click();
  await expect(page).toHaveURL(/group=provider/);
  await expect(tableOf(page).getByRole("row", { name: /^OpenAI / })).toBeVisible();
  await expect(tableOf(page).getByRole("row", { name: /^gpt-5\.2 / })).toHaveCount(0);

  await page.goBack();
  await expect(tableOf(page).getByRole("row", { name: /^gpt-5\.2 / })).toBeVisible();
});

test("a filter that cannot be read is shown, and not dropped in silence", async ({ page }) => {
  await page.goto(`/usage?${RANGE}&metric=profit`);

  await expect(page.getByText("Ignored: metric=profit")).toBeVisible();
  await expect(totalRow(page)).toBeVisible();
});

test("the file has the rows of the table and the same totals", async ({ page }) => {
  await page.goto(`/usage?${RANGE}&group=provider`);
  const [requests] = await totals(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export CSV" }).click(),
  ]);
  const stream = await download.createReadStream();
  const lines = (await new Response(stream as unknown as ReadableStream).text())
    .trim()
    .split("\r\n");
  const rows = await tableOf(page).locator("tbody tr").count();

  expect(download.suggestedFilename()).toMatch(/^conduit-usage_.*\.csv$/);
  expect(lines).toHaveLength(rows + 2);
  expect(number(lines.at(-1)?.split(",")[2])).toBe(number(requests));
});

test("members see their own usage and nobody else's", async ({ pageAs, sql, page }) => {
  const all = await requestsOf(page, RANGE);
  const member = await pageAs("member");
  const own = await requestsOf(member, RANGE);
  const [exact] = await sql<{ count: number }[]>`
    select count(*)::int from request_logs join users on users.id = request_logs.user_id
    where request_logs.created_at >= ${FROM} and request_logs.created_at < ${TO}
      and users.email = 'member@example.com'`;

  expect(own).toBe(exact?.count);
  expect(own).toBeLessThan(all);
});
