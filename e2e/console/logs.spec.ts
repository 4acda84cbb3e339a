import type { Page } from "@playwright/test";
import type { Sql } from "postgres";
import type { RequestRecord } from "#lib/contract/record.ts";
import { type Sql as ConduitSql, connect } from "#lib/db/client.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { newId } from "#lib/ids.ts";
import { makeAttempt, makeRecord } from "#lib/testing/records.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

/** Rows of one test alone: they carry its tag, and lists are filtered by it. */
function tagged(): {
  tag: string;
  query: string;
  row: (changes?: Partial<RequestRecord>) => RequestRecord;
} {
  const tag = newId();
  return {
    tag,
    query: `tag=${encodeURIComponent(`e2e=${tag}`)}`,
    row: (changes = {}) => makeRecord({ tags: { e2e: tag }, ...changes }),
  };
}

async function store(sql: Sql, rows: readonly RequestRecord[]): Promise<void> {
  // The same driver, set up as the product does; only the type of its big numbers differs.
  const own = connect(sql as unknown as ConduitSql).sql;
  await insertRecords(own, `[${rows.map(logRowOf).join(",")}]`);
}

const MINUTE = 60_000;
const ago = (minutes: number) => newId(Date.now() - minutes * MINUTE);
const rowsOf = (page: Page) => page.getByRole("region", { name: "Requests" }).locator("tbody tr");
const idsOn = async (page: Page) =>
  (await rowsOf(page)
    .locator("a[href*='/logs/']")
    .evaluateAll((links) =>
      links.map((link) => link.getAttribute("href")?.split("/").at(-1)),
    )) as string[];
/** Opens a list and waits until it answers to clicks: only then has it asked for its counts. */
async function openList(page: Page, address: string): Promise<void> {
  const counted = page.waitForResponse(/\/logs\/facets/);
  await page.goto(address);
  await counted;
}
const drawerOf = (page: Page) => page.getByRole("complementary", { name: "Request", exact: true });

test("filters live in the address: reload, Back, Forward and another admin see the same rows", async ({
  page,
  pageAs,
  sql,
}) => {
  const { row, query } = tagged();
  const wanted = row({
    id: ago(5),
    stream: true,
    outcome: "limited",
    status: 429,
    errorCode: "budget_exceeded",
    modelAsked: "e2e-model",
    model: "e2e-model",
    provider: "e2e-provider",
    latencyMs: 900,
    costNanos: 5_000_000n,
  });
  const near = [
    row({ ...wanted, id: ago(6), stream: false }),
    row({ ...wanted, id: ago(7), errorCode: "rate_limit_exceeded" }),
    row({ ...wanted, id: ago(8), latencyMs: 20 }),
    row({ ...wanted, id: ago(9), provider: "other" }),
    row({ ...wanted, id: ago(10), model: "other" }),
  ];
  await store(sql, [wanted, ...near]);
  await openList(page, `/logs?${query}`);
  await expect(rowsOf(page)).toHaveCount(6);

  const six = `${query}&outcome=over_budget&model=e2e-model&provider=e2e-provider&stream=true&minlat=500`;
  await openList(page, `/logs?${six}`);
  await expect(rowsOf(page)).toHaveCount(1);
  expect(await idsOn(page)).toEqual([wanted.id]);
  await expect(page.getByText("1 request matches")).toBeVisible();

  await page.reload();
  expect(await idsOn(page)).toEqual([wanted.id]);
  await page.goBack();
  await expect(rowsOf(page)).toHaveCount(6);
  await page.goForward();
  await expect(rowsOf(page)).toHaveCount(1);
  const other = await pageAs("admin");
  await openList(other, `/logs?${six}`);
  await expect(rowsOf(other)).toHaveCount(1);
  expect(await idsOn(other)).toEqual([wanted.id]);
});

test("what an address says wrongly is shown as ignored and can be taken off", async ({ page }) => {
  await openList(page, "/logs?outcome=abc&nonsense=1");

  await expect(page.getByText("Ignored: outcome=abc")).toBeVisible();
  await expect(page.getByText("Ignored: nonsense=1")).toBeVisible();
  await page.getByRole("button", { name: "Remove Ignored: nonsense=1" }).click();
  await expect(page.getByText("Ignored: nonsense=1")).toBeHidden();
});

test("an empty list says so, and widens to a week or clears its filters", async ({ page, sql }) => {
  const { row, query } = tagged();
  await store(sql, [row({ id: ago(3 * 24 * 60) })]);
  await openList(page, `/logs?${query}`);

  await expect(page.getByText("No requests match this filter.")).toBeVisible();
  await page.getByRole("button", { name: "Widen to 7 days (1)" }).click();
  await expect(rowsOf(page)).toHaveCount(1);
  await openList(page, `/logs?${query}`);
  await page.getByRole("button", { name: "Clear filters" }).last().click();
  await expect(page).toHaveURL(/^[^?]*\/logs$/);
});

test("pages go forward and back while rows arrive: none twice, none left out", async ({
  page,
  sql,
}) => {
  const { row, query } = tagged();
  const rows = Array.from({ length: 110 }, (_, at) => row({ id: ago(200 - at) }));
  await store(sql, rows);
  await openList(page, `/logs?${query}&size=25`);
  await expect(rowsOf(page)).toHaveCount(25);
  const seen = [await idsOn(page)];

  for (let turn = 1; turn < 5; turn += 1) {
    await store(
      sql,
      Array.from({ length: 50 }, () => row({ id: ago(1) })),
    );
    const first = (await idsOn(page))[0] ?? "";
    await page.getByRole("button", { name: "Older" }).click();
    await expect(rowsOf(page).locator(`a[href$="${first}"]`)).toHaveCount(0);
    seen.push(await idsOn(page));
  }

  const newestFirst = rows.map(({ id }) => id).toReversed();
  expect(seen.flat()).toEqual(newestFirst);
  await expect(page.getByRole("button", { name: "200 new" })).toBeVisible();
  const back: string[][] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const first = (await idsOn(page))[0] ?? "";
    await page.getByRole("button", { name: "Newer" }).click();
    await expect(rowsOf(page).locator(`a[href$="${first}"]`)).toHaveCount(0);
    back.push(await idsOn(page));
  }
  expect(back).toEqual(seen.slice(0, 4).toReversed());
  await page.getByRole("button", { name: "200 new" }).click();
  await expect(page.getByText("310 requests match")).toBeVisible();
});

test("every bar of the histogram lists exactly the rows that it counts", async ({ page, sql }) => {
  const { row, query } = tagged();
  const sizes = [3, 1, 4];
  await store(
    sql,
    sizes.flatMap((size, at) =>
      Array.from({ length: size }, () => row({ id: ago(60 + at * 180) })),
    ),
  );
  await openList(page, `/logs?${query}`);
  const bars = page.getByRole("group", { name: /Requests by outcome/ }).getByRole("button");
  const full = bars.and(page.getByRole("button", { name: /: [1-9]/ }));
  await expect(full).toHaveCount(3);
  const names = await full.evaluateAll((all) =>
    all.map((bar) => bar.getAttribute("aria-label") ?? ""),
  );

  for (const name of names) {
    await openList(page, `/logs?${query}`);
    await bars.and(page.getByRole("button", { name, exact: true })).click();
    const height = Number(/: (\d+) success/.exec(name)?.[1]);
    await expect(page).toHaveURL(/from=/);
    await expect(rowsOf(page)).toHaveCount(height);
  }
  expect(names.map((name) => Number(/: (\d+) success/.exec(name)?.[1]))).toEqual(
    sizes.toReversed(),
  );
});

test("J and K walk the filtered rows alone, across the edges of pages", async ({ page, sql }) => {
  const { row, query } = tagged();
  const rows = Array.from({ length: 27 }, (_, at) => row({ id: ago(100 - at) }));
  // Between them stand rows that the filter leaves out.
  await store(sql, [...rows, ...rows.map((_, at) => makeRecord({ id: ago(100.5 - at) }))]);
  const newestFirst = rows.map(({ id }) => id).toReversed();
  await openList(page, `/logs?${query}&size=25`);
  await rowsOf(page).nth(23).getByRole("link").click();
  const drawer = drawerOf(page);
  await expect(drawer.getByTitle(newestFirst[23] ?? "")).toBeVisible();

  for (const place of [24, 25, 26]) {
    await page.keyboard.press("j");
    await expect(drawer.getByTitle(newestFirst[place] ?? "")).toBeVisible();
  }
  expect(await idsOn(page)).toEqual(newestFirst.slice(25));
  for (const place of [25, 24]) {
    await page.keyboard.press("k");
    await expect(drawer.getByTitle(newestFirst[place] ?? "")).toBeVisible();
  }
  await expect(rowsOf(page)).toHaveCount(25);
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(page).not.toHaveURL(/log=/);
});

test("a request that fell back shows its attempts in order, with what they cost to the last digit", async ({
  page,
  sql,
}) => {
  const { row, query } = tagged();
  const id = ago(5);
  const started = Date.now() - 5 * MINUTE;
  const log = row({
    id,
    alias: "fast",
    modelAsked: "fast",
    model: "gpt-4o",
    usage: { ...makeRecord().usage, input: 1203, cacheRead: 7, output: 356 },
    priceSnapshot: { input: "2.5", cache_read: "0.0000003", output: "10" },
    costNanos: 6_567_500n,
    latencyMs: 900,
    attempts: [
      makeAttempt({
        deploymentName: "first-choice",
        ended: "overloaded",
        status: 503,
        errorMessage: "<script>alert(1)</script> busy",
        startedAtMs: started + 5,
        durationMs: 300,
      }),
      makeAttempt({ deploymentName: "second-choice", startedAtMs: started + 400, durationMs: 500 }),
    ],
  });
  await store(sql, [log]);
  await openList(page, `/logs?${query}`);
  await rowsOf(page).first().getByRole("link").click();
  const drawer = drawerOf(page);

  const attempts = drawer.getByRole("button", { name: /^Attempt/ });
  await expect(attempts).toHaveText([
    /Attempt 1: first-choice503, The provider is overloaded/,
    /Attempt 2: second-choice200, Answered/,
  ]);
  await attempts.first().click();
  await expect(drawer.getByText("<script>alert(1)</script> busy")).toBeVisible();
  await drawer.getByRole("button", { name: "View as table" }).click();
  await expect(drawer.getByRole("row", { name: /Attempt 1: first-choice/ })).toBeVisible();
  await drawer.getByRole("tab", { name: "Routing" }).click();
  await expect(drawer.getByRole("listitem").first()).toContainText("first-choice");
  await drawer.getByRole("tab", { name: "Cost" }).click();
  const cells = await drawer.locator("[data-amount]").allTextContents();
  const units = (text: string) => {
    const [, sign = "", whole = "", fraction = ""] = /^(-?)\$(\d+)\.?(\d*)$/.exec(text) ?? [];
    return BigInt(`${sign}${whole}${fraction.padEnd(15, "0")}`);
  };
  const total = await drawer.locator("[data-total]").textContent();
  expect(total).toBe("$0.0065675");
  expect(cells.reduce((sum, cell) => sum + units(cell), 0n)).toBe(units(total ?? ""));
  await expectAccessible(page);
  await page.goto(`/logs/${id}`);
  await expect(page.getByRole("heading", { name: "Request", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Attempt 1/ })).toBeVisible();
  await expectAccessible(page);
});

test("a stream that broke off says why nothing took over; without a price the cost is a dash", async ({
  page,
  sql,
}) => {
  const { row, query } = tagged();
  await store(sql, [
    row({
      id: ago(5),
      stream: true,
      outcome: "partial",
      errorCode: "upstream_truncated",
      errorMessage: "The provider ended the stream too early.",
      priceState: "unpriced",
      costNanos: 0n,
      priceSnapshot: null,
    }),
  ]);
  await openList(page, `/logs?${query}`);
  await expect(rowsOf(page).first()).toContainText("Stream broken");
  await expect(rowsOf(page).first()).toContainText("—");
  await rowsOf(page).first().getByRole("link").click();
  const drawer = drawerOf(page);

  await expect(
    drawer.getByText(/It had started, so that a fallback was not possible/),
  ).toBeVisible();
  await drawer.getByRole("tab", { name: "Cost" }).click();
  await expect(drawer.getByText(/No price is known/)).toBeVisible();
  await drawer.getByRole("tab", { name: "Payload" }).click();
  await expect(drawer.getByText("The payload was not stored.")).toBeVisible();
});

test(`${threat("T22")}: markup in prompts, answers and headers is text: nothing of it runs`, async ({
  page,
  api,
  sql,
  world,
}) => {
  const before = await sql`select value from settings where key = 'retention'`;
  await api.admin("PATCH", "/settings/retention", { payload_storage: "full" });
  try {
    const { key } = await api.addKey({});
    const mark = newId();
    const markup = `<img src="/x-${mark}" onerror="window.hacked=1"><script>window.hacked=1</script>`;
    const reply = await fetch(`${world.url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "user-agent": markup,
      },
      body: JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: markup }] }),
    });
    expect(reply.status).toBe(200);
    const id = reply.headers.get("x-request-id") ?? "";
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await expect
      .poll(async () => (await sql`select 1 from request_payloads where request_id = ${id}`).length)
      .toBe(1);
    await page.goto(`/logs/${id}?tab=payload`);

    await expect(page.getByText("window.hacked=1").first()).toBeVisible();
    await expect(page.getByText("somebody else's request")).toBeVisible();
    await page.getByRole("button", { name: "Show as markdown" }).click();
    await page.getByRole("tab", { name: "Request JSON" }).click();
    await expect(page.getByRole("region", { name: "request" })).toContainText("onerror");
    await page.getByRole("tab", { name: "Headers" }).click();
    await page.getByRole("tab", { name: "Metadata" }).click();
    await expect(page.getByText("<script>window.hacked=1</script>").first()).toBeVisible();
    expect(await page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined();
    expect(asked.filter((url) => url.includes(mark))).toEqual([]);
    const [event] = await sql`
      select action from audit_events where target_id = ${id} order by sequence desc limit 1`;
    expect(event?.["action"]).toBe("log.payload_viewed");
  } finally {
    const storage = before[0]?.["value"]?.payload_storage ?? "metadata";
    await api.admin("PATCH", "/settings/retention", { payload_storage: storage });
  }
});

test("the live tail shows requests within seconds, waits while somebody reads, and misses none", async ({
  page,
  sql,
}) => {
  const { row, query } = tagged();
  await openList(page, `/logs?${query}`);
  await page.getByRole("button", { name: "Live" }).click();
  await expect(page.getByText("Live", { exact: true }).last()).toBeVisible();
  await page.mouse.move(5, 5);
  const now = () => newId(Date.now() - 150);

  const first = row({ id: now() });
  await store(sql, [first]);
  await expect(rowsOf(page)).toHaveCount(1, { timeout: 5000 });
  await rowsOf(page).first().hover();
  await store(sql, [row({ id: now() }), row({ id: now() })]);
  await expect(page.getByRole("button", { name: "2 new, resume" })).toBeVisible();
  await expect(rowsOf(page)).toHaveCount(1);
  await page.mouse.move(5, 5);
  await expect(rowsOf(page)).toHaveCount(3);
  await page.getByRole("button", { name: "Live" }).click();
  await expect(page).not.toHaveURL(/live/);
  await expect(rowsOf(page)).toHaveCount(3);
});

test("where no stream comes through, the tail asks every few seconds and says so", async ({
  page,
  sql,
  problems,
}) => {
  problems.allow(/stream/);
  const { row, query } = tagged();
  await page.route("**/api/console/logs/stream**", (route) => route.abort());
  await openList(page, `/logs?${query}&live=1`);

  await expect(page.getByText("Polling")).toBeVisible({ timeout: 30_000 });
  await page.mouse.move(5, 5);
  await store(sql, [row({ id: newId(Date.now() - 150) })]);
  await expect(rowsOf(page)).toHaveCount(1, { timeout: 15_000 });
});

test("an export has the rows of the list, and its formulas are inert", async ({ page, sql }) => {
  const { tag, row, query } = tagged();
  await store(sql, [
    row({ id: ago(3), userAgent: '=HYPERLINK("x")' }),
    row({ id: ago(4), userAgent: "plain" }),
  ]);
  await openList(page, `/logs?${query}`);
  await expect(rowsOf(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Export" }).click();
  await expect(page.getByText("The file will hold 2 requests")).toBeVisible();
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV" }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/^conduit-logs_.+_.+\.csv$/);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) {
    chunks.push(chunk as Buffer);
  }
  const lines = Buffer.concat(chunks).toString().trimEnd().split("\r\n").slice(1);

  expect(lines.map((line) => line.split(",")[2])).toEqual(await idsOn(page));
  expect(lines[0]).toContain(`"'=HYPERLINK(""x"")"`);
  const events = await sql`
    select after from audit_events where action = 'logs.exported' order by sequence desc limit 1`;
  expect(events[0]?.["after"]).toMatchObject({ rows: 2, filter: { tag: `e2e=${tag}` } });
});

test("a view is saved under a name, opened again and deleted", async ({ page }) => {
  const name = `View ${newId().slice(-8)}`;
  await openList(page, "/logs?minlat=500&range=7d");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Save these filters as").fill(name);
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.getByRole("link", { name })).toBeVisible();
  await openList(page, "/logs");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("link", { name }).click();
  await expect(page).toHaveURL(/minlat=500/);
  await expect(page).toHaveURL(/range=7d/);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: `Delete ${name}` }).click();
  await expect(page.getByRole("link", { name })).toBeHidden();
});

test.describe("a member", () => {
  test.use({ as: "member" });

  test("sees own requests alone, in the list and by address", async ({ page, sql, problems }) => {
    problems.allow(/status of 404/);
    const [me] = await sql`select id from users where email = 'member@example.com'`;
    const { row, query } = tagged();
    const own = row({ id: ago(3), userId: me?.["id"] });
    const foreign = row({ id: ago(4) });
    await store(sql, [own, foreign]);
    await openList(page, `/logs?${query}`);

    await expect(rowsOf(page)).toHaveCount(1);
    expect(await idsOn(page)).toEqual([own.id]);
    await page.goto(`/logs/${foreign.id}`);
    await expect(page.getByText("There is no such log entry.")).toBeVisible();
    await openList(page, `/logs?${query}&log=${foreign.id}`);
    await expect(drawerOf(page).getByText("There is no such log entry.")).toBeVisible();
  });
});

test("the list is accessible on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openList(page, "/logs");
  await expect(rowsOf(page).first()).toBeVisible();
  await expectAccessible(page);
});
