import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./fixtures.ts";
import { makeThrowaway } from "./person.ts";

const PASSWORD = "four random words here";

const unique = (name: string) => `${name}-${Date.now().toString(36)}`;

/** The row of a person, in a list that was narrowed to them. */
async function findPerson(page: Page, email: string) {
  await page.goto(`/members?q=${encodeURIComponent(email)}`);
  return page.getByRole("row").filter({ hasText: email });
}

test("an invited person sets a password and sees no more than their own", async ({
  page,
  pageAs,
  problems,
}) => {
  test.setTimeout(180_000);
  problems.allow(/403|404|401/);
  const email = `${unique("invited")}@example.com`;
  await page.goto("/members");
  await page.getByRole("button", { name: "Invite people" }).click();
  const sheet = page.getByRole("dialog", { name: "Invite people" });
  await sheet.getByLabel("Email addresses").fill(`${email}, not an address`);
  await sheet.getByRole("combobox", { name: "Role in Support" }).click();
  await page.getByRole("option", { name: "Member", exact: true }).click();
  await expectAccessible(page);
  await sheet.getByRole("button", { name: "Make links" }).click();
  const results = page.getByRole("dialog", { name: "1 invitation link" });
  await expect(results.getByText("This is not an e-mail address.").first()).toBeVisible();
  const link = await results
    .getByRole("textbox", { name: `Invitation link of ${email}` })
    .inputValue();
  await results.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(email)).toBeVisible();

  const guest = await pageAs("guest");
  await guest.goto(new URL(link).pathname);
  await expect(guest.getByLabel("Email")).toHaveValue(email);
  await guest.getByLabel("Name").fill("New person");
  await guest.getByLabel(/^Password \(required\)/).fill("short");
  await guest.getByLabel(/^Password again/).fill("short");
  await guest.getByRole("button", { name: "Create the account" }).click();
  await expect(guest.getByText(/at least 12 characters/).first()).toBeVisible();
  await expectAccessible(guest);
  await guest.getByLabel(/^Password \(required\)/).fill(PASSWORD);
  await guest.getByLabel(/^Password again/).fill(PASSWORD);
  await guest.getByRole("button", { name: "Create the account" }).click();
  await expect(guest).toHaveURL(/\/overview/, { timeout: 30_000 });

  for (const path of ["/members", "/settings/general", "/audit", "/health"]) {
    await guest.goto(path);
    await expect(guest.getByRole("heading", { level: 1 })).not.toHaveText(/^(Members|Audit)$/);
    await expect(guest.getByText(/admin/i).first()).toBeVisible();
  }
  await guest.goto("/teams");
  await expect(guest.getByRole("link", { name: "Support", exact: true })).toBeVisible();
  await expect(guest.getByRole("link", { name: "Product", exact: true })).toHaveCount(0);
  const lookup = await guest.request.get("/api/console/lookup/user?q=");
  expect(await lookup.json()).toMatchObject({ entries: [{ hint: email }] });

  const again = await pageAs("guest");
  await again.goto(new URL(link).pathname);
  await expect(again.getByText(/used already/)).toBeVisible();
});

test("a team's admin invites into the own team alone", async ({ pageAs }) => {
  const page = await pageAs("lead");
  await page.goto("/members");
  await expect(page.getByText("The people of the teams that you lead.")).toBeVisible();
  await expect(page.getByRole("link", { name: "admin@example.com" })).toHaveCount(0);
  await page.getByRole("button", { name: "Invite people" }).click();
  const sheet = page.getByRole("dialog", { name: "Invite people" });
  await expect(sheet.getByRole("radio", { name: /Admin/ })).toHaveCount(0);
  await sheet.getByLabel("Email addresses").fill(`${unique("x")}@example.com`);
  await sheet.getByRole("button", { name: "Make links" }).click();
  await expect(sheet.getByText(/at least one team/).first()).toBeVisible();
});

test("somebody is suspended and thrown out, and lets back in", async ({ page, sql, pageAs }) => {
  test.setTimeout(120_000);
  const person = await makeThrowaway(sql);
  const theirs = await pageAs("guest");
  await theirs.goto("/sign-in");
  await theirs.getByLabel("Email").fill(person.email);
  await theirs.getByLabel("Password", { exact: true }).fill(person.password);
  await theirs.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(theirs).not.toHaveURL(/sign-in/);

  const row = await findPerson(page, person.email);
  await page.getByRole("button", { name: `Actions for ${person.email}` }).click();
  await page.getByRole("menuitem", { name: "Suspend" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Suspend" }).click();
  await expect(row.getByText("Removed").or(row.getByText("Suspended"))).toBeVisible();
  await theirs.goto("/keys");
  await expect(theirs).toHaveURL(/sign-in/);
});

test("the last administrator keeps the role", async ({ page, sql }) => {
  const others = await sql`select email from users
    where role = 'admin' and email <> 'admin@example.com' and suspended_at is null`;
  test.skip(others.length > 0, "There are other administrators here.");
  await findPerson(page, "admin@example.com");
  await page.getByRole("button", { name: "Actions for admin@example.com" }).click();
  await page.getByRole("menuitem", { name: "Make a member" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Make a member" }).click();
  await expect(dialog.getByText(/last active administrator/)).toBeVisible();
});

test("limits of a team are set and taken off again, and 0 is said to block", async ({ page }) => {
  test.setTimeout(120_000);
  const name = unique("Team");
  await page.goto("/teams");
  await page.getByRole("button", { name: "Create team" }).click();
  const sheet = page.getByRole("dialog", { name: "Create team" });
  await sheet.getByLabel("Name").fill(name);
  await sheet.getByRole("group", { name: "Budget" }).getByText("Limit to").click();
  await sheet.getByRole("button", { name: "Create team" }).click();
  await expect(
    sheet.getByRole("group", { name: "Budget" }).getByText(/dollars|amount/),
  ).toBeVisible();
  await sheet.getByLabel("Budget limit").fill("0");
  await expect(sheet.getByText("0 blocks every request.")).toBeVisible();
  await sheet.getByLabel("Budget limit").fill("25");
  await sheet.getByRole("button", { name: "Create team" }).click();

  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await page.getByRole("link", { name: "Limits" }).click();
  await expect(page.getByLabel("Budget limit")).toHaveValue("25");
  await expectAccessible(page);
  await page.getByRole("group", { name: "Budget" }).getByText("No limit").click();
  await page.getByRole("button", { name: "Save limits" }).click();
  await expect(page.getByText("Limits saved.")).toBeVisible();
  await page.reload();
  await expect(
    page.getByRole("group", { name: "Budget" }).getByRole("radio", { name: "No limit" }),
  ).toBeChecked();
});

test("the second of two editors of a team sees what the first has changed", async ({
  page,
  pageAs,
  api,
}) => {
  test.setTimeout(120_000);
  const name = unique("Shared");
  const team = (await api.admin("POST", "/teams", { name })) as { id: string };
  const other = await pageAs("admin");
  await page.goto(`/teams/${team.id}?tab=settings`);
  await other.goto(`/teams/${team.id}?tab=settings`);
  await other.getByLabel("Name").fill(`${name} two`);
  await other.getByRole("button", { name: "Save name" }).click();
  await expect(other.getByText("Name saved.")).toBeVisible();

  await page.getByLabel("Name").fill(`${name} three`);
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByText(/Changed by admin@example\.com/)).toBeVisible();
  await expect(page.getByText(`"name": "${name} two"`)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Overwrite with mine" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${name} three` })).toBeVisible();
});
