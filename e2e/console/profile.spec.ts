import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { makeThrowaway, signIn } from "./person.ts";

test.use({ as: "guest" });

test("a session that is revoked on one browser is out on the other at the next click", async ({
  page,
  pageAs,
  sql,
}) => {
  const person = await makeThrowaway(sql);
  const other = await pageAs("guest");
  for (const each of [other, page]) {
    await each.goto("/sign-in?callbackUrl=/profile");
    await signIn(each, person);
    await expect(each.getByRole("heading", { level: 1, name: "Profile" })).toBeVisible();
  }
  await page.getByRole("button", { name: /Revoke the session/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("button", { name: /Revoke the session/ })).toHaveCount(0);
  await other
    .getByRole("navigation", { name: "Pages" })
    .getByRole("link", { name: "Keys" })
    .click();
  await expect(other).toHaveURL(/\/sign-in/);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Profile" })).toBeVisible();
});

test("a password is changed with the present one, and the old one is void", async ({
  page,
  sql,
}) => {
  const person = await makeThrowaway(sql);
  await page.goto("/sign-in?callbackUrl=/profile");
  await signIn(page, person);
  const fill = async (current: string, next: string, again: string) => {
    await page.getByLabel("Current password", { exact: true }).fill(current);
    await page.getByLabel("New password", { exact: true }).fill(next);
    await page.getByLabel("New password again", { exact: true }).fill(again);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await fill(person.password, "short", "short");
  await expect(page.getByText("Must have at least 12 characters.").first()).toBeVisible();
  await fill(person.password, "five quite random words", "five quite random swords");
  await expect(page.getByText("Must be the same as the new password.").first()).toBeVisible();
  await fill("a wrong password", "five quite random words", "five quite random words");
  await expect(page.getByText("The current password is wrong").first()).toBeVisible();
  await fill(person.password, "five quite random words", "five quite random words");
  await expect(page.getByText(/Password changed/)).toBeVisible();
  await page
    .getByRole("button", { name: /account|Somebody/i })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await signIn(page, person);
  await expect(page.getByText("Email or password is wrong")).toBeVisible();
  await signIn(page, { email: person.email, password: "five quite random words" });
  await expect(page).not.toHaveURL(/\/sign-in/);
});

test("a session that ends under an open page is taken up again over it, with what was typed", async ({
  page,
  sql,
}) => {
  const person = await makeThrowaway(sql);
  await page.goto("/sign-in?callbackUrl=/profile");
  await signIn(page, person);
  await page.getByLabel("Name").fill("A new name");
  await sql`update sessions set revoked_at = now() where user_id = ${person.id}`;
  await page.getByRole("button", { name: "Save name" }).click();
  const dialog = page.getByRole("dialog", { name: "You are signed out" });
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel("Password", { exact: true }).fill(person.password);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText("Name saved")).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue("A new name");
});

test("preferences hold at once and after a reload", async ({ page, sql }) => {
  const person = await makeThrowaway(sql);
  await page.goto("/sign-in?callbackUrl=/profile");
  await signIn(page, person);
  await page.getByLabel("Time zone").click();
  await page.getByRole("option", { name: "UTC" }).click();
  await expect(page.getByText("Times are shown in UTC.")).toBeVisible();
  await page.getByLabel("Theme").click();
  await page.getByRole("option", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.getByText("Times are shown in UTC.")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});
