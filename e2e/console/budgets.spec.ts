import { expect, expectAccessible, test } from "./fixtures.ts";

/** An alias of the demo data whose first deployments have a price. */
const PRICED = "chat";

function unique(name: string): string {
  return `${name}-${Date.now().toString(36)}`;
}

async function ask(
  url: string,
  key: string,
): Promise<{ status: number; code: string | undefined }> {
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: PRICED,
      messages: [{ role: "user", content: "Hello" }],
      max_tokens: 16,
    }),
  });
  const body = (await reply.json()) as { error?: { code?: string } };
  return { status: reply.status, code: body.error?.code };
}

/** When a monthly budget starts anew, as the console writes it in a zone. */
function nextMonth(zone: string): string {
  const now = new Date();
  const at = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(at);
  return `${part({ day: "numeric", month: "short" })}, ${part({ hour: "2-digit", minute: "2-digit" })}`;
}

test("a spent budget refuses with its own code, shows as such, and a raise gives room", async ({
  page,
  api,
  world,
}) => {
  test.setTimeout(120_000);
  const alias = unique("spent");
  const { key } = await api.addKey({ user_email: "admin@example.com", alias });
  expect((await ask(world.url, key)).status).toBe(200);

  await page.goto(`/budgets?q=${alias}`);
  await page.getByRole("button", { name: alias, exact: true }).click();
  const panel = page.getByRole("dialog", { name: alias });
  await panel.getByLabel("Amount in US dollars").fill("0");
  await panel.getByRole("button", { name: "Set limit" }).click();
  await expect(page.getByText(`Budget of ${alias} saved`)).toBeVisible();
  expect(await ask(world.url, key)).toEqual({ status: 429, code: "budget_exceeded" });
  await expectAccessible(page);

  await page.goto(`/keys?q=${alias}&status=over_budget`);
  const row = page.getByRole("row").filter({ hasText: alias });
  await expect(row.getByText("Over budget")).toBeVisible();
  await page.goto(`/keys?q=${alias}&status=rate_limited`);
  await expect(page.getByText("No keys match.")).toBeVisible();

  await page.goto(`/budgets?q=${alias}`);
  const limit = page.getByRole("row").filter({ hasText: alias });
  await expect(limit.getByText(nextMonth("Europe/Berlin"))).toBeVisible();
  await page.getByRole("button", { name: alias, exact: true }).click();
  await panel.getByRole("button", { name: "Raise once" }).click();
  const raise = page.getByRole("alertdialog", { name: `Raise ${alias} once` });
  await raise.getByLabel("Amount in US dollars").fill("5");
  await raise.getByRole("button", { name: "Raise" }).click();
  await expect(raise).toBeHidden();
  await expect(panel.getByText("+ $5.00 once").first()).toBeVisible();
  expect((await ask(world.url, key)).status).toBe(200);

  await panel.getByRole("button", { name: "Remove limit" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await expect(panel.getByRole("heading", { name: "Set a limit" })).toBeVisible();
});

test("a reset asks for its reason, and the audit log has it", async ({ page, api, sql }) => {
  const alias = unique("reset");
  const { id } = await api.addKey({
    user_email: "admin@example.com",
    alias,
    budget_limit_usd: "5",
    budget_period: "month",
  });
  await page.goto(`/budgets?q=${alias}&open=key:${id}`);
  const panel = page.getByRole("dialog", { name: alias });
  await panel.getByRole("button", { name: "Reset spend" }).click();
  const dialog = page.getByRole("alertdialog", { name: `Reset the spend of ${alias}` });
  await dialog.getByRole("button", { name: "Reset" }).click();
  await expect(dialog.getByText(/say why/)).toBeVisible();
  await dialog.getByLabel("Reason").fill("A test ran wild");
  await dialog.getByRole("button", { name: "Reset" }).click();
  await expect(dialog).toBeHidden();
  const events = await sql`select action, after from audit_events
    where target_type = 'budget' and target_id = ${id}`;
  expect(events).toMatchObject([{ action: "budget.reset", after: { reason: "A test ran wild" } }]);
});

test("a filter leaves only the limits that match", async ({ page }) => {
  await page.goto("/budgets?level=team");
  await expect(page.getByRole("row").filter({ hasText: "Team" }).first()).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Person" })).toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: "Organisation" })).toHaveCount(0);
  await page.goto("/budgets?state=strange");
  await expect(page.getByText("Ignored: state=strange")).toBeVisible();
});

test.describe("a member", () => {
  test.use({ as: "member" });

  test("sees own limits, changes none above a key, and may use the console when they are spent", async ({
    page,
    api,
    world,
  }) => {
    const alias = unique("dry");
    const { key } = await api.addKey({
      user_email: "member@example.com",
      alias,
      budget_limit_usd: "0",
    });
    expect(await ask(world.url, key)).toEqual({ status: 429, code: "budget_exceeded" });
    await page.goto("/budgets");
    await expect(page.getByRole("button", { name: alias, exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: "Organisation budget" })).toHaveCount(0);
    await expect(page.getByText("Platform")).toHaveCount(0);
    await page.goto("/keys");
    await expect(page.getByRole("row").filter({ hasText: alias })).toContainText("Over budget");
  });
});
