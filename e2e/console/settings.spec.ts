import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./fixtures.ts";

const SECTIONS = ["general", "retention", "security", "about"] as const;
const DAY_MS = 86_400_000;

/** A request id of a moment, as the gateway makes them. */
function idAt(ms: number): string {
  const time = ms.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved", { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toBeHidden();
}

test.describe("the settings", () => {
  test("every section is reached by its link and has one heading", async ({ page }) => {
    await page.goto("/settings");
    await expect(page).toHaveURL(/\/settings\/general$/);
    const nav = page.getByRole("navigation", { name: "Settings" });
    for (const section of SECTIONS) {
      const name = section.charAt(0).toUpperCase() + section.slice(1);
      await nav.getByRole("link", { name }).click();
      await expect(page).toHaveURL(new RegExp(`/settings/${section}$`));
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
      await expect(nav.getByRole("link", { name })).toHaveAttribute("aria-current", "page");
      await expect(page.getByRole("main").getByRole("heading", { level: 2 }).first()).toBeVisible();
    }
  });

  test("a section says that it has changes, throws them away, or saves them with one event", async ({
    page,
    api,
  }) => {
    const banner = `Staging ${randomUUID()}`;
    await page.goto("/settings/general");
    await page.getByLabel("Banner").fill("never saved");
    const bar = page.getByRole("region", { name: "Unsaved changes" });
    await expect(bar).toBeVisible();
    await bar.getByRole("button", { name: "Discard" }).click();
    await expect(bar).toBeHidden();
    await expect(page.getByLabel("Banner")).toHaveValue("");

    await page.getByLabel("Banner").fill(banner);
    await save(page);
    await page.reload();
    await expect(page.getByLabel("Banner")).toHaveValue(banner);
    const { events } = (await api.admin("GET", `/audit?text=${banner.slice(8)}`)) as {
      events: Record<string, unknown>[];
    };
    expect(events).toMatchObject([
      {
        action: "settings.update",
        target_id: "general",
        actor_name: "admin@example.com",
        after: { banner },
      },
    ]);
    await page.getByLabel("Banner").fill("");
    await save(page);
  });

  test("a wrong value is refused at its field, and what was typed stays", async ({ page }) => {
    await page.goto("/settings/general");
    const address = page.getByLabel("Public address");
    await address.fill("not an address");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(address).toHaveAttribute("aria-invalid", "true");
    await expect(address).toBeFocused();
    await expect(address).toHaveValue("not an address");
    await page.getByRole("button", { name: "Discard" }).click();
  });

  test("two editors of one section: the second sees what the first has saved", async ({
    page,
    api,
  }) => {
    const mine = `mine ${randomUUID()}`;
    const theirs = `theirs ${randomUUID()}`;
    await page.goto("/settings/general");
    await page.getByLabel("Banner").fill(mine);
    await api.admin("PATCH", "/settings/general", { banner: theirs });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const notice = page.getByRole("region", { name: "Changed meanwhile" });
    await expect(notice).toContainText(theirs);
    await expect(notice).toContainText(mine);
    await notice.getByRole("button", { name: "Reload theirs" }).click();
    await expect(page.getByLabel("Banner")).toHaveValue(theirs);
    await page.getByLabel("Banner").fill("");
    await save(page);
  });
});

test.describe("retention", () => {
  test("shortening tells what it removes, wants a word for it, and removes just that", async ({
    page,
    api,
    sql,
  }) => {
    await api.admin("PATCH", "/settings/retention", { log_days: 900, payload_days: 30 });
    const [old, young] = [idAt(Date.now() - 700 * DAY_MS), idAt(Date.now() - 400 * DAY_MS)];
    for (const [id, ago] of [
      [old, 700],
      [young, 400],
    ] as const) {
      await sql`
        insert into request_logs (id, created_at, key_id, user_id, dialect, endpoint, model_asked, status, outcome, estimated, cost_nanos, price_state, latency_ms, overhead_ms, attempt_count, stream, cache_result)
        values (${id}, ${new Date(Date.now() - ago * DAY_MS)}, ${randomUUID()}, ${randomUUID()}, 'openai', 'chat', 'retention-test', 200, 'ok', false, 0, 'none', 1, 1, 1, false, 'BYPASS')`;
    }
    await page.goto("/settings/retention");
    await page.getByLabel("Days of logs").fill("500");
    await page.getByLabel("Days of logs").press("Enter");

    const dialog = page.getByRole("alertdialog", { name: "Shorten retention" });
    await expect(dialog).toContainText(/removes 1 log rows? older than 500 days/);
    await expectAccessible(page);
    const shorten = dialog.getByRole("button", { name: "Shorten" });
    await expect(shorten).toBeDisabled();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(page.getByLabel("Days of logs")).toHaveValue("500");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await dialog.getByLabel(/Type retention to confirm/).fill("retention");
    await shorten.click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("region", { name: "Unsaved changes" })).toBeHidden();

    await page.getByRole("button", { name: "Run now" }).click();
    await expect
      .poll(async () => (await sql`select 1 from request_logs where id = ${old}`).length, {
        timeout: 30_000,
      })
      .toBe(0);
    expect(await sql`select 1 from request_logs where id = ${young}`).toHaveLength(1);
    await sql`delete from request_logs where id = ${young}`;
    await api.admin("PATCH", "/settings/retention", { log_days: 180 });
  });

  test("longer times and other choices are saved without a question", async ({ page, api }) => {
    await api.admin("PATCH", "/settings/retention", { payload_days: 30 });
    await page.goto("/settings/retention");
    await page.getByLabel("Days of content").fill("31");
    await save(page);
    await expect(page.getByRole("alertdialog")).toBeHidden();
    await api.admin("PATCH", "/settings/retention", { payload_days: 30 });
  });
});

test.describe("security", () => {
  test("networks that would shut out whoever sets them are refused by name", async ({
    page,
    api,
  }) => {
    await page.goto("/settings/security");
    const networks = page.getByLabel("Networks", { exact: true });
    await networks.fill("198.51.100.0/24");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(networks).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByText(/would shut you out/).first()).toBeVisible();

    await networks.fill("198.51.100.0/24\n127.0.0.0/8\n::1/128");
    await save(page);
    await page.goto("/overview");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const shown = await api.admin("GET", "/settings/security");
    expect(shown["values"]).toMatchObject({
      console_networks: ["198.51.100.0/24", "127.0.0.0/8", "::1/128"],
    });
    await api.admin("PATCH", "/settings/security", { console_networks: [] });
  });

  test("signing everyone out is asked about, and begins with Cancel", async ({ page }) => {
    await page.goto("/settings/security");
    await page.getByRole("button", { name: "Sign everyone out" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Sign everyone out" });
    await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("button", { name: "Sign everyone out" })).toBeFocused();
  });
});

test.describe("others", () => {
  test.use({ as: "lead" });

  test("neither team admins nor members open any section", async ({ page, pageAs, problems }) => {
    problems.allow(/status of 403/);
    const member = await pageAs("member");
    for (const each of [page, member]) {
      for (const section of SECTIONS) {
        await each.goto(`/settings/${section}`);
        await expect(each.getByRole("heading", { level: 1 })).toHaveText(/not open to you/);
      }
      const reply = await each.request.get(
        "/api/console/settings/retention/preview?log_days=1&payload_days=1",
      );
      expect(reply.status()).toBe(403);
    }
  });
});
