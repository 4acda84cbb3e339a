import { randomUUID } from "node:crypto";
import type { Gateway } from "#lib/testing/gateway.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

const unique = (name: string): string => `${name} ${randomUUID().slice(0, 8)}`;

type Admin = Pick<Gateway, "admin" | "addDeployment">;

/** A rule of the test's own, by its id. */
async function addRule(api: Admin, fields: Record<string, unknown>): Promise<string> {
  const made = await api.admin("POST", "/guardrails/rules", fields);
  return String(made["id"]);
}

async function ask(
  { url, key, model }: { url: string; key: string; model: string },
  content: string,
): Promise<Response> {
  return await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content }] }),
  });
}

async function mock(api: Admin): Promise<string> {
  const name = `guarded-${randomUUID().slice(0, 8)}`;
  await api.addDeployment({ name, provider: "mock", model_name: name });
  return name;
}

test("a rule is written, tried on a sample before it is saved, and starts in shadow mode", async ({
  page,
}) => {
  const name = unique("Tickets");
  await page.goto("/guardrails/new");
  await page.getByRole("link", { name: /^Regular expression/ }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Pattern").fill("(unclosed");
  await page.getByRole("button", { name: "Add rule" }).click();
  await expect(page.getByRole("alert").first()).toContainText(/pattern|parenthes/i);

  await page.getByLabel("Pattern").fill("TCK-\\d+");
  await page.getByLabel("Label", { exact: true }).fill("ticket");
  await page.getByRole("combobox", { name: "Action" }).click();
  await page.getByRole("option", { name: /^Redact/ }).click();
  await page.getByLabel("A message of a user").fill("See TCK-4711 for it.");
  await page.getByRole("button", { name: "Run on this sample" }).click();
  await expect(page.getByText("See [TICKET] for it.")).toBeVisible();
  await expect(page.locator("mark")).toHaveText("TCK-4711");

  await page.getByRole("button", { name: "Add rule" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("combobox", { name: `Mode of ${name}` })).toContainText("Shadow");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/guardrails$/);
  await expect(page.getByRole("link", { name })).toHaveCount(0);
});

test("enforcing a rule is asked first, and then it blocks; the log names the rule", async ({
  page,
  api,
  world,
}) => {
  const name = unique("Codenames");
  const model = await mock(api);
  const { key, id } = await api.addKey();
  const ruleId = await addRule(api, {
    name,
    type: "word_list",
    stage: "pre",
    action: "block",
    scope: { kind: "key", id },
    config: { words: ["heliograph"] },
    message: "Project names stay inside.",
  });
  const target = { url: world.url, key, model };
  expect((await ask(target, "About heliograph")).status).toBe(200);
  // Verdicts are stored in batches, a moment after the answer.
  await expect
    .poll(async () => JSON.stringify(await api.admin("GET", "/guardrails/stats?hours=1")), {
      timeout: 20_000,
    })
    .toContain(ruleId);

  await page.goto(`/guardrails/${ruleId}`);
  await page.getByRole("combobox", { name: `Mode of ${name}` }).click();
  await page.getByRole("option", { name: "Enforced" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("it ran once, and would have blocked 1");
  await dialog.getByRole("button", { name: "Enforce" }).click();
  await expect(page.getByRole("combobox", { name: `Mode of ${name}` })).toContainText("Enforced");

  await expect
    .poll(async () => (await ask(target, "About heliograph")).status, { timeout: 15_000 })
    .toBe(400);
  const refused = await ask(target, "About heliograph");
  expect((await refused.json()).error).toMatchObject({
    code: "content_blocked",
    message: "Project names stay inside.",
  });
  const requestId = refused.headers.get("x-request-id") ?? "";

  await page.goto(`/logs?rule=${ruleId}`);
  await expect(page.getByText(`Guardrail rule: ${name}`)).toBeVisible();
  await page.goto(`/logs/${requestId}?tab=guardrails`);
  const verdicts = page.getByRole("table", { name: "Verdicts by rule" });
  await expect(verdicts.getByRole("row").filter({ hasText: name })).toContainText("Blocked");
  await expectAccessible(page);
  await api.admin("DELETE", `/guardrails/rules/${ruleId}`);
});

test("rules are put in another order by their buttons, and stay in it", async ({ page, api }) => {
  const names = [unique("First"), unique("Second")];
  const ids: string[] = [];
  for (const name of names) {
    const made = await addRule(api, {
      name,
      type: "max_tokens",
      stage: "pre",
      action: "log",
      mode: "off",
      config: { max_tokens: 10 },
    });
    ids.push(made);
  }
  await page.goto("/guardrails");
  const [first = "", second = ""] = names;
  await page.getByRole("button", { name: `Move ${second} up` }).click();
  const rows = page.getByRole("row").filter({ hasText: new RegExp(`${first}|${second}`) });
  await expect(rows.nth(0)).toContainText(second);
  await page.reload();
  await expect(rows.nth(0)).toContainText(second);
  await expect(rows.nth(1)).toContainText(first);
  await expectAccessible(page);
  for (const id of ids) {
    await api.admin("DELETE", `/guardrails/rules/${id}`);
  }
});

test("a dry run shows both sides and the verdicts, and asks nobody", async ({ page, api }) => {
  const name = unique("Addresses");
  const ruleId = await addRule(api, {
    name,
    type: "pii",
    stage: "pre",
    action: "mask",
    mode: "off",
    config: { kinds: ["email"] },
  });
  await page.goto("/guardrails/test");
  await page.getByLabel("Message 1", { exact: true }).fill("I am ann@example.com.");
  await page.getByRole("combobox", { name: "Rules" }).click();
  await page.getByRole("option", { name: new RegExp(name) }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByText("I am [EMAIL_1].")).toBeVisible();
  await expect(page.locator("mark")).toHaveText("ann@example.com");
  const verdicts = page.getByRole("table", { name: "Verdicts by rule" });
  await expect(verdicts.getByRole("row").filter({ hasText: name })).toContainText("Masked");
  await expectAccessible(page);
  await api.admin("DELETE", `/guardrails/rules/${ruleId}`);
});

test("a backtest counts stored requests and leads to them", async ({ page, api, world, sql }) => {
  test.setTimeout(120_000);
  const name = unique("Backtested");
  const model = await mock(api);
  const { key, id } = await api.addKey();
  const before = await api.admin("GET", "/settings/retention");
  const { payload_storage: storage } = Object(before["values"]);
  await api.admin("PATCH", "/settings/retention", { payload_storage: "full" });
  const ruleId = await addRule(api, {
    name,
    type: "pii",
    stage: "pre",
    action: "block",
    scope: { kind: "key", id },
    config: { kinds: ["email"] },
  });
  const target = { url: world.url, key, model };
  for (const text of ["ann@example.com", "Nothing of it", "bob@example.com"]) {
    expect((await ask(target, text)).status).toBe(200);
  }
  await expect
    .poll(
      async () => {
        const [row] = await sql`
          select count(*)::int as n from request_payloads p join request_logs l
          on l.created_at = p.created_at and l.id = p.request_id where l.key_id = ${id}`;
        return row?.["n"];
      },
      { timeout: 20_000 },
    )
    .toBe(3);

  await page.goto(`/guardrails/${ruleId}?tab=backtest`);
  await page.getByRole("button", { name: "Run backtest" }).click();
  const acted = page.locator("dl > div").filter({ hasText: "Would have blocked" });
  await expect(acted).toContainText("2");
  await expect(page.getByText("Found: 2 email.")).toBeVisible();
  await expectAccessible(page);
  await page
    .getByRole("table", { name: /would have hit/ })
    .getByRole("link")
    .first()
    .click();
  await expect(page).toHaveURL(/\/logs\/[0-9a-f-]+\?tab=payload/);
  await api.admin("DELETE", `/guardrails/rules/${ruleId}`);
  await api.admin("PATCH", "/settings/retention", { payload_storage: storage });
});

test.describe("a member", () => {
  test.use({ as: "member" });

  test("sees that there are rules, and neither how they work nor how to change them", async ({
    page,
    problems,
  }) => {
    problems.allow(/status of 403/);
    await page.goto("/guardrails");
    await expect(page.getByRole("heading", { level: 1, name: "Guardrails" })).toBeVisible();
    await expect(page.getByRole("link", { name: "New rule" })).toHaveCount(0);
    await expect(page.getByRole("link", { name: "Dry run" })).toHaveCount(0);
    await expect(page.getByRole("button", { name: /^Move / })).toHaveCount(0);
    expect((await page.request.get("/guardrails/new")).status()).toBe(403);
    await expectAccessible(page);
  });
});
