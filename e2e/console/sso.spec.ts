import type { Page } from "@playwright/test";
import { type OidcServer, startOidc } from "#lib/testing/oidc.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";
import { makeThrowaway, signIn, type Throwaway } from "./person.ts";

test.use({ as: "guest" });
// Several people and windows, and a provider between them.
test.setTimeout(180_000);

const STAFF = "staff.example";

let oidc: OidcServer;
let admin: Throwaway;

test.beforeEach(async ({ sql, world, problems }) => {
  await sql`delete from settings where key in ('sso', 'sso_test')`;
  oidc = await startOidc([`${world.url}/api/auth/callback/oidc`]);
  admin = await makeThrowaway(sql, { role: "admin", domain: STAFF });
  // The provider is another origin, and the one place where these tests leave ours.
  problems.allow(new RegExp(`request to another origin: ${oidc.issuer}`));
});
test.afterEach(async ({ sql }) => {
  await sql`delete from settings where key in ('sso', 'sso_test')`;
  await oidc.close();
});

async function configure(page: Page): Promise<void> {
  await page.goto("/sign-in?callbackUrl=/settings/sso");
  await signIn(page, admin);
  await page.getByLabel("Name", { exact: false }).first().fill("Example ID");
  await page.getByLabel(/^Issuer/).fill("http://127.0.0.1:1");
  await page.getByRole("button", { name: "Discover" }).click();
  await expect(page.getByText(/connection to the provider failed/)).toBeVisible();
  await page.getByLabel(/^Issuer/).fill(oidc.issuer);
  await page.getByRole("button", { name: "Discover" }).click();
  await expect(page.getByText(`${oidc.issuer} answers.`)).toBeVisible();
  await page.getByLabel(/^Client id/).fill(oidc.clientId);
  await page.getByLabel("Client secret", { exact: true }).fill(oidc.clientSecret);
  await page.getByLabel(/^Scopes/).fill("openid email profile groups");
  await page.getByLabel("Allowed domains").fill(STAFF);
  await page.getByText("Create accounts at the first sign-in").click();
  await page.getByRole("button", { name: "Add group" }).click();
  await page.getByLabel("Group 1: name at the identity provider").fill("gateway-admins");
  await page.getByLabel("Group 1: role").click();
  await page.getByRole("option", { name: "Admin of Conduit" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  // The provider is asked once more before the settings are stored, and then the page is made anew.
  await expect(page.getByRole("button", { name: "Test sign-in" })).toBeVisible({ timeout: 60_000 });
}

test("from discovery over the test to the enforcement, and the emergency account still opens", async ({
  page,
  pageAs,
  sql,
}) => {
  await configure(page);
  await expectAccessible(page);
  await expect(page.getByRole("button", { name: "Enforce single sign-on" })).toBeDisabled();
  await expect(page.getByText("Pass a test sign-in with the settings as they are.")).toBeVisible();
  expect(await page.content()).not.toContain(oidc.clientSecret);

  oidc.actAs({
    sub: "1",
    email: `someone@${STAFF}`,
    email_verified: true,
    name: "Someone",
    groups: ["gateway-admins"],
  });
  await page.getByRole("button", { name: "Test sign-in" }).click();
  await expect(page.getByText("A new account would be made and signed in.")).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText("Admin of Conduit.")).toBeVisible();
  await expect(page.getByText(`someone@${STAFF}`)).toBeVisible();

  await page.getByLabel("Emergency account").click();
  await page.getByRole("option", { name: admin.email }).click();
  await page.getByRole("button", { name: "Enforce single sign-on" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Enforce" }).click();
  await expect(page.getByRole("button", { name: "Allow passwords again" })).toBeVisible();

  const guest = await pageAs("guest");
  await guest.goto("/sign-in?callbackUrl=/profile");
  await guest.getByLabel("Email").fill(`someone@${STAFF}`);
  await expect(guest.getByLabel("Password", { exact: true })).toBeHidden();
  await guest.getByRole("link", { name: "Continue with Example ID" }).click();
  await expect(guest).toHaveURL(/^[^?]*\/profile$/);
  await expect(guest.getByRole("navigation", { name: "Pages" }).getByText("Members")).toBeVisible();

  const colleague = await makeThrowaway(sql, { role: "admin", domain: STAFF });
  const locked = await pageAs("guest");
  await locked.goto("/sign-in");
  await locked.getByLabel("Email").fill(colleague.email);
  await locked.getByRole("button", { name: "Use an emergency password" }).click();
  await signIn(locked, colleague);
  await expect(locked.getByText("Email or password is wrong")).toBeVisible();
  await signIn(locked, admin);
  await expect(locked).toHaveURL(/^[^?]*\/overview$/);
});

test("changing the settings later asks who it is first, and keeps the form", async ({
  page,
  sql,
}) => {
  await configure(page);
  await sql`
    update sessions set stepped_up_until = now() - interval '1 minute' where user_id = ${admin.id}`;
  await page.getByLabel("Allowed domains").fill(`${STAFF}\nother.example`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Confirm that it is you" });
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel("Password", { exact: true }).fill("not the password");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog.getByText("The password is wrong")).toBeVisible();
  await dialog.getByLabel("Password", { exact: true }).fill(admin.password);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog).toBeHidden();
  // The notice of the first save may still be there; the settings themselves tell of the second.
  await expect
    .poll(async () => JSON.stringify(await sql`select value from settings where key = 'sso'`))
    .toContain("other.example");
  await page.reload();
  await expect(page.getByLabel("Allowed domains")).toHaveValue(`${STAFF}\nother.example`);
});

test("somebody of another domain is told so, without an account", async ({ page, pageAs, sql }) => {
  await configure(page);
  oidc.actAs({ sub: "2", email: "stranger@evil.example", email_verified: true, name: "Stranger" });
  const guest = await pageAs("guest");
  await guest.goto("/sign-in");
  await guest.getByRole("link", { name: "Continue with Example ID" }).click();
  await expect(guest.getByText(/domain is not allowed here/)).toBeVisible();
  const rows = await sql`select 1 from users where email = 'stranger@evil.example'`;
  expect(rows.length).toBe(0);
});
