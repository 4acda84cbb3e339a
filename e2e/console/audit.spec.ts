import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Locator } from "@playwright/test";
import { expect, expectAccessible, test } from "./fixtures.ts";

const NEW_TEAM = () => `Audited ${randomUUID().slice(0, 8)}`;

/** A cell's text is there twice: once more in the line below the first cell, for narrow screens. */
function shown(table: Locator, text: string): Locator {
  return table.getByText(text).filter({ visible: true }).first();
}

test.describe("the audit log", () => {
  test("a change is one event, in words, with its actor, and with secrets masked", async ({
    page,
    api,
  }) => {
    const name = NEW_TEAM();
    const team = await api.admin("POST", "/teams", { name, budget_limit_usd: 50 });
    await api.admin("PATCH", `/teams/${team["id"]}`, { budget_limit_usd: 80 });
    const secret = `sk-canary-${randomUUID()}`;
    const deployment = await api.admin("POST", "/models/deployments", {
      name: `audited-${randomUUID()}`,
      provider: "openai",
      model_name: "gpt-5.2",
      api_key: secret,
    });

    await page.goto(`/audit?target=team&target_id=${team["id"]}`);
    const rows = page.getByRole("row").filter({ hasText: name });
    await expect(rows).toHaveCount(2);
    await expect(rows.first()).toContainText("team.update");
    await expect(rows.first()).toContainText("admin key");
    await expect(rows.first()).toContainText("budget_limit_usd 50 → 80");

    await page.goto(`/audit?target_id=${deployment["id"]}`);
    await expect(page.getByRole("row").filter({ hasText: "deployment.create" })).toHaveCount(1);
    expect(await page.content()).not.toContain(secret);
    await api.admin("DELETE", `/models/deployments/${deployment["id"]}`);
    await api.admin("DELETE", `/teams/${team["id"]}`);
  });

  test("an event opens beside the list, with its difference, and leads to all of its target", async ({
    page,
    api,
  }) => {
    const name = NEW_TEAM();
    const team = await api.admin("POST", "/teams", { name });
    await api.admin("PATCH", `/teams/${team["id"]}`, { rate_limit_rpm: 77 });
    await page.goto(`/audit?q=${team["id"]}`);
    await page
      .getByRole("row")
      .filter({ hasText: "team.update" })
      .getByRole("link")
      .first()
      .click();
    const drawer = page.getByRole("dialog", { name: "team.update" });
    await expect(drawer).toContainText('"rate_limit_rpm": 77');
    await expect(page).toHaveURL(/event=/);
    await expectAccessible(page);
    await page.reload();
    await expect(drawer).toContainText(name);
    await page.keyboard.press("Escape");
    await expect(drawer).toBeHidden();
    await expect(page).not.toHaveURL(/event=/);

    await page
      .getByRole("row")
      .filter({ hasText: "team.create" })
      .getByRole("link")
      .first()
      .click();
    await page.getByRole("link", { name: "All events for this target" }).click();
    await expect(page).toHaveURL(new RegExp(`target_id=${team["id"]}`));
    await expect(page.getByRole("dialog")).toBeHidden();
    await expect(page.getByRole("row").filter({ hasText: name })).toHaveCount(2);
    await api.admin("DELETE", `/teams/${team["id"]}`);
  });

  test("filters keep what matches, drop the rest, stand in the address, and can be cleared", async ({
    page,
    api,
  }) => {
    const name = NEW_TEAM();
    const team = await api.admin("POST", "/teams", { name });
    await page.goto("/audit");
    const table = page.getByRole("table", { name: "Audit events" });
    await expect(shown(table, "session.create")).toBeVisible();

    await page.getByRole("combobox", { name: "Target" }).click();
    await page.getByRole("option", { name: "Team", exact: true }).click();
    await expect(page).toHaveURL(/target=team/);
    await expect(table.getByText("session.create")).toHaveCount(0);
    await page.getByRole("searchbox", { name: "Text in events" }).fill(name);
    await expect(table.getByRole("row")).toHaveCount(2);
    await expect(page).toHaveURL(/q=Audited/);
    await page.reload();
    await expect(table.getByRole("row")).toHaveCount(2);

    await page.getByRole("searchbox", { name: "Text in events" }).fill("nothing has this text");
    await expect(page.getByText("No events match.")).toBeVisible();
    await page.getByRole("main").getByRole("button", { name: "Clear filters" }).last().click();
    await expect(shown(table, "session.create")).toBeVisible();
    await page.goto("/audit?nonsense=1");
    await expect(page.getByText("Ignored: nonsense=1")).toBeVisible();
    await api.admin("DELETE", `/teams/${team["id"]}`);
  });

  test("the chain is verified on demand, and the export is what the list shows", async ({
    page,
    api,
  }) => {
    const name = NEW_TEAM();
    const team = await api.admin("POST", "/teams", { name });
    await page.goto(`/audit?target_id=${team["id"]}`);
    await page.getByRole("button", { name: "Verify chain" }).click();
    await expect(page.getByText(/All [\d,]+ events fit/)).toBeVisible();

    await page.getByRole("button", { name: "Export" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: /NDJSON/ }).click();
    const file = readFileSync(await (await download).path(), "utf8");
    const lines = file.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).target_name)).toEqual([name]);
    await page.goto("/audit?action=audit");
    await expect(page.getByRole("row").filter({ hasText: "audit.exported" }).first()).toContainText(
      "admin@example.com",
    );
    await api.admin("DELETE", `/teams/${team["id"]}`);
  });

  test("says that nothing matches", async ({ page }) => {
    await page.goto("/audit?q=nothing-has-this");
    await expect(page.getByText("No events match.")).toBeVisible();
  });
});

test.describe("a team admin", () => {
  test.use({ as: "lead" });

  test("sees what happened to own teams alone, and neither verifies nor exports", async ({
    page,
    api,
    problems,
  }) => {
    problems.allow(/status of 403/);
    const name = NEW_TEAM();
    const foreign = await api.admin("POST", "/teams", { name });
    await page.goto("/audit?range=90d");
    const table = page.getByRole("table", { name: "Audit events" });
    await expect(shown(table, "Support")).toBeVisible();
    await expect(page.getByText(name)).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Verify chain" })).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Export" })).toHaveCount(0);
    expect((await page.request.get("/api/console/audit/export")).status()).toBe(403);
    expect((await page.request.get("/api/console/audit/verify")).status()).toBe(403);
    await page.goto(`/audit?target_id=${foreign["id"]}`);
    await expect(page.getByText("No events match.")).toBeVisible();
    await api.admin("DELETE", `/teams/${foreign["id"]}`);
  });
});

test.describe("a member", () => {
  test.use({ as: "member" });

  test("sees no audit log", async ({ page, problems }) => {
    problems.allow(/status of 403/);
    await page.goto("/audit");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/not open to you/);
    expect((await page.request.get(`/api/console/audit/${randomUUID()}`)).status()).toBe(403);
  });
});
