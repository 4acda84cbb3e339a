import type { Locator, Page } from "@playwright/test";
import { threat } from "#lib/testing/reliability-rows.ts";
import { expect, test } from "./fixtures.ts";

const PROMPT = "Count the marigolds in the northern garden";

async function choose(page: Page, place: number, model: string): Promise<Locator> {
  const box = page.getByRole("combobox", { name: `Model of panel ${place}`, exact: true });
  const option = page.getByRole("option", { name: new RegExp(`^${model}(?![\\w-])`) }).first();
  // What is typed before the page has come alive opens no list.
  await expect(async () => {
    await box.fill("");
    await box.fill(model);
    await option.click({ timeout: 2_000 });
  }).toPass();
  await expect(box).toHaveValue(model);
  return page.getByRole("region", { name: `Panel ${place}`, exact: true });
}

async function openPanels(page: Page, models: readonly string[]): Promise<Locator[]> {
  await page.goto("/playground");
  for (const _ of models.slice(1)) {
    await page.getByRole("button", { name: "Add panel" }).click();
  }
  const panels: Locator[] = [];
  for (const [index, model] of models.entries()) {
    panels.push(await choose(page, index + 1, model));
  }
  return panels;
}

/** The id of the request behind the last answer of a panel. */
async function requestOf(panel: Locator): Promise<string> {
  const href = await panel.getByRole("link").last().getAttribute("href");
  return new URL(href ?? "", "http://console").searchParams.get("log") ?? "";
}

test("four panels answer at once, one is stopped, one is refused, and the log has the same figures", async ({
  page,
  world,
  sql,
  problems,
}) => {
  test.skip(world.upstreamUrl === null, "needs the scripted provider");
  test.setTimeout(120_000);
  problems.allow(/status of 429/);
  const [first, second, third, refused] = await openPanels(page, [
    "slow",
    "slow",
    "slow",
    "limited",
  ]);
  if (!(first && second && third && refused)) {
    throw new Error("Four panels were asked for.");
  }
  await page.getByLabel("Message", { exact: true }).fill(PROMPT);
  await page.getByRole("button", { name: "Run all" }).click();

  await test.step("first words come to all before any has finished", async () => {
    await expect
      .poll(
        async () => {
          const texts = await Promise.all(
            [first, second, third].map(async (panel) => ({
              text: (await panel.getByTestId("answer").textContent()) ?? "",
              isRunning: await panel.getByText("Answering").isVisible(),
            })),
          );
          return texts.every(({ text, isRunning }) => isRunning && text.replace("▍", "") !== "");
        },
        { intervals: [50] },
      )
      .toBe(true);
  });

  await third.getByRole("button", { name: "Stop panel 3" }).click();
  await expect(third.getByText("Stopped")).toBeVisible();
  await expect(refused.getByText(/Rate limited, 429/)).toBeVisible();
  await expect(first.getByText("Complete")).toBeVisible({ timeout: 30_000 });
  await expect(second.getByText("Complete")).toBeVisible({ timeout: 30_000 });

  const id = await requestOf(first);
  await expect
    .poll(async () => (await sql`select id from request_logs where id = ${id}`).length)
    .toBe(1);
  const [log] = await sql`select input_tokens, output_tokens, user_id, deployment_name
    from request_logs where id = ${id}`;
  await expect(first).toContainText(`${log?.["input_tokens"]} → ${log?.["output_tokens"]}`);
  await expect(first).toContainText(String(log?.["deployment_name"]));
  const [person] = await sql`select id from users where email = 'admin@example.com'`;
  expect(log?.["user_id"]).toBe(person?.["id"]);

  expect(decodeURIComponent(page.url())).not.toContain("marigolds");
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  expect(stored).not.toContain("marigolds");
  expect(stored).not.toContain("cnd_pg_");
  const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  expect(kept).not.toContain("cnd_pg_");
});

test("what was typed comes back in this tab, and a snapshot by its address", async ({ page }) => {
  await openPanels(page, ["sandbox"]);
  await page.getByLabel("Message", { exact: true }).fill(PROMPT);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const panel = page.getByRole("region", { name: "Panel 1" });
  await expect(panel.getByText("Complete")).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(panel.getByText(PROMPT).first()).toBeVisible();

  await page.getByRole("button", { name: "Save snapshot" }).click();
  await expect(page).toHaveURL(/\?s=[0-9a-f-]{36}$/);
  const address = page.url();
  await page.evaluate(() => sessionStorage.clear());
  await page.goto("/overview");
  await page.goto(address);
  await expect(panel.getByText(PROMPT).first()).toBeVisible();
});

test("an edited question runs again and replaces what came after it", async ({ page }) => {
  await openPanels(page, ["sandbox"]);
  await page.getByLabel("Message", { exact: true }).fill(PROMPT);
  await page.keyboard.press("ControlOrMeta+Enter");
  const panel = page.getByRole("region", { name: "Panel 1" });
  await expect(panel.getByText("Complete")).toBeVisible({ timeout: 30_000 });
  await panel.getByRole("button", { name: "Edit message" }).click();
  await panel.getByRole("textbox", { name: "Message" }).fill("Name one river");
  await panel.getByRole("button", { name: "Save and run" }).click();
  await expect(panel.getByText("Name one river").first()).toBeVisible();
  await expect(panel.getByText(PROMPT)).toHaveCount(0);
  await expect(panel.getByText("Complete")).toBeVisible({ timeout: 30_000 });
  await expect(panel.getByRole("listitem")).toHaveCount(2);
});

test(`${threat("T23")}: markup in an answer is text, also as markdown`, async ({ page, world }) => {
  test.skip(world.upstreamUrl === null, "needs the scripted provider");
  await openPanels(page, ["markup"]);
  await page.getByLabel("Message", { exact: true }).fill("Show me");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const panel = page.getByRole("region", { name: "Panel 1" });
  await expect(panel.getByText("Complete")).toBeVisible({ timeout: 30_000 });
  await expect(panel.getByTestId("answer")).toContainText("<script>");
  await panel.getByRole("switch", { name: "Markdown" }).click();
  await expect(panel.getByTestId("answer")).toHaveCount(0);
  expect(await panel.locator("script, img, iframe").count()).toBe(0);
});

test("a spent playground says so and leaves the console alone", async ({ page, problems }) => {
  problems.allow(/status of 429/);
  await openPanels(page, ["chat"]);
  await page.getByRole("button", { name: "Change budget" }).click();
  const amount = page.getByLabel("US dollars per month");
  await amount.fill("0");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByTestId("playground-budget")).toContainText("$0.00 of $0.00");
  await page.getByLabel("Message", { exact: true }).fill(PROMPT);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByText(/Over budget, 429/)).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Change budget" }).click();
  await amount.fill("10");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByTestId("playground-budget")).toContainText("of $10.00");
});
