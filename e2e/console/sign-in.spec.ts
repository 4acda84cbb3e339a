import { threat } from "#lib/testing/reliability-rows.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { makeThrowaway, signIn } from "./person.ts";

test.use({ as: "guest" });

const WRONG = "Email or password is wrong";

test("a page that needs somebody asks who it is, and goes on to where one wanted to go", async ({
  page,
  sql,
}) => {
  const person = await makeThrowaway(sql);
  await page.goto("/keys?sort=name");
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/);
  await signIn(page, person);
  await expect(page).toHaveURL(/\/keys\?sort=name$/);
  await expect(page.getByRole("heading", { level: 1, name: "Keys" })).toBeVisible();
});

test("an unknown address and a wrong password are answered alike, and what was typed stays", async ({
  page,
  sql,
}) => {
  const person = await makeThrowaway(sql);
  await page.goto("/sign-in");
  await signIn(page, { email: "nobody-here@example.com", password: "four random words there" });
  await expect(page.getByRole("alert").filter({ hasText: WRONG })).toBeVisible();
  const unknown = await page.getByRole("alert").filter({ hasText: WRONG }).textContent();
  await signIn(page, { email: person.email, password: "four random words there" });
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeEnabled();
  await expect(page.getByLabel("Email")).toHaveValue(person.email);
  expect(await page.getByRole("alert").filter({ hasText: WRONG }).textContent()).toBe(unknown);
});

test("after five failures the wait is told, for the right password too", async ({ page, sql }) => {
  const person = await makeThrowaway(sql);
  await page.goto("/sign-in");
  for (let at = 0; at < 5; at += 1) {
    const answered = page.waitForResponse((reply) => reply.request().method() === "POST");
    await signIn(page, { email: person.email, password: `wrong number ${at}, again` });
    await answered;
    await expect(page.getByText(WRONG)).toBeVisible();
  }
  await signIn(page, person);
  await expect(page.getByText(/Try again in \d+ min\./)).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in/);
});

for (const evil of [
  "//evil.example",
  "/\\evil.example",
  "https://evil.example",
  "/\t/evil.example",
]) {
  test(`${threat("T21")}: a way back to ${JSON.stringify(evil)} leads home`, async ({
    page,
    sql,
    world,
  }) => {
    const person = await makeThrowaway(sql);
    await page.goto(`/sign-in?callbackUrl=${encodeURIComponent(evil)}`);
    await signIn(page, person);
    await expect(page).toHaveURL(`${world.url}/overview`);
  });
}

test("a suspended person is out at the next click", async ({ page, sql }) => {
  const person = await makeThrowaway(sql);
  await page.goto("/sign-in?callbackUrl=/keys");
  await signIn(page, person);
  await expect(page.getByRole("heading", { level: 1, name: "Keys" })).toBeVisible();
  await sql`update users set suspended_at = now() where id = ${person.id}`;
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Logs" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await signIn(page, person);
  await expect(page.getByText(WRONG)).toBeVisible();
});

test("it works without JavaScript", async ({ browser, sql, world, problems }) => {
  const person = await makeThrowaway(sql);
  const context = await browser.newContext({ baseURL: world.url, javaScriptEnabled: false });
  problems.watch(context);
  const page = await context.newPage();
  await page.goto("/sign-in?callbackUrl=/profile");
  await signIn(page, { email: person.email, password: "four random words there" });
  await expect(page.getByText(WRONG)).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(person.email);
  await signIn(page, person);
  await expect(page).toHaveURL(/^[^?]*\/profile$/);
  await context.close();
});

test("the cookie cannot be read by scripts and belongs to this site", async ({
  page,
  sql,
  context,
}) => {
  const person = await makeThrowaway(sql);
  await page.goto("/sign-in?callbackUrl=/profile");
  await signIn(page, person);
  await expect(page).toHaveURL(/^[^?]*\/profile$/);
  const cookie = (await context.cookies()).find(({ name }) => name === "conduit.sid");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(await page.evaluate(() => document.cookie)).not.toContain("conduit.sid");
});

test(`${threat("T22")}: pages carry a policy that lets only their own scripts run`, async ({
  page,
  world,
  problems,
}) => {
  const reply = await page.goto("/sign-in");
  const headers = reply?.headers() ?? {};
  const policy = headers["content-security-policy"] ?? "";
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  expect(nonce).toBeDefined();
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe-eval");
  expect(headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "same-origin",
  });
  const again = await page.request.get(`${world.url}/sign-in`);
  expect(again.headers()["content-security-policy"]).not.toContain(`'nonce-${nonce}'`);
  problems.allow(/Content Security Policy/);
  const refused = page.waitForEvent("console", (message) =>
    /inline event handler/.test(message.text()),
  );
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", "<img src=x: onerror='window.injected=true'>");
  });
  await refused;
  const ran = await page.evaluate(() => Reflect.get(window, "injected") === true);
  expect(ran).toBe(false);
});

test("the sign-in page is accessible and fits a phone", async ({ page }) => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto("/sign-in");
    await expectAccessible(page);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});
