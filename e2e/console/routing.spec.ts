import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { expect, expectAccessible, test } from "./fixtures.ts";

const unique = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

/** A port on which nobody listens: it was free a moment ago. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 9;
}

async function ask(url: string, key: string, model: string): Promise<Response> {
  return await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] }),
  });
}

test("weights share a thousand calls as the editor says they will", async ({
  page,
  api,
  world,
}) => {
  test.setTimeout(180_000);
  const [big, small, alias] = [unique("big"), unique("small"), unique("weighted")];
  for (const name of [big, small]) {
    await api.addDeployment({
      name,
      provider: "mock",
      model_name: name,
      settings: { reply: name },
    });
  }
  await page.goto("/routing/new");
  await page.getByLabel("Name").fill(alias);
  await page.getByRole("combobox", { name: "Strategy" }).click();
  await page.getByRole("option", { name: /^Weighted/ }).click();
  for (const name of [big, small]) {
    await page.getByRole("combobox", { name: "Add a deployment" }).fill(name);
    await page.getByRole("option", { name: new RegExp(name) }).click();
  }
  await page.getByLabel(`Weight of ${big}`).fill("300");
  await expect(page.getByRole("row").filter({ hasText: big })).toContainText("75.0 %");
  await page.getByRole("button", { name: "Create alias" }).click();
  await expect(page.getByRole("heading", { level: 1, name: alias })).toBeVisible();

  const { key } = await api.addKey();
  const CALLS = 1000;
  const AT_ONCE = 20;
  let toBig = 0;
  for (let done = 0; done < CALLS; done += AT_ONCE) {
    const replies = await Promise.all(
      Array.from({ length: AT_ONCE }, () => ask(world.url, key, alias)),
    );
    for (const reply of replies) {
      expect(reply.status).toBe(200);
      toBig += (await reply.text()).includes(big) ? 1 : 0;
    }
  }
  // Five standard deviations of a thousand draws at three quarters.
  expect(toBig / CALLS).toBeGreaterThan(0.68);
  expect(toBig / CALLS).toBeLessThan(0.82);
});

test("an open circuit is foreseen by the simulation, skipped by calls, and closed by hand", async ({
  page,
  api,
  world,
}) => {
  const [gone, spare, alias] = [unique("gone"), unique("spare"), unique("failover")];
  const id = await api.addDeployment({
    name: gone,
    provider: "openai_compatible",
    model_name: gone,
    api_base: `http://127.0.0.1:${await deadPort()}/v1`,
  });
  await api.addDeployment({
    name: spare,
    provider: "mock",
    model_name: spare,
    settings: { reply: spare },
  });
  await api.admin("POST", "/aliases", {
    name: alias,
    members: [{ deployment: gone }, { deployment: spare, priority: 2 }],
  });
  await page.goto(`/routing/${alias}`);
  const order = page.getByRole("list", { name: "Order" }).getByRole("listitem");
  await page.getByRole("button", { name: "Simulate" }).click();
  await expect(order.first()).toContainText(gone);
  await page.getByRole("checkbox", { name: gone }).click();
  await page.getByRole("button", { name: "Simulate again" }).click();
  await expect(order.first()).toContainText(spare);
  await expect(order.nth(1)).toContainText("taken to be open");
  await page.getByRole("checkbox", { name: gone }).click();

  const { key } = await api.addKey();
  for (let call = 0; call < 8; call += 1) {
    const reply = await ask(world.url, key, alias);
    expect(reply.status).toBe(200);
    expect(await reply.text()).toContain(spare);
  }
  await page.getByRole("button", { name: "Simulate again" }).click();
  await expect(order.first()).toContainText(spare);
  await expect(order.nth(1)).toContainText("got no answer");

  await page.goto(`/models/${id}?tab=circuit`);
  await expect(page.getByRole("main")).toContainText("got no answer");
  await page.getByRole("button", { name: "Reset circuit" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Reset" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("an administrator closed it")).toBeVisible();
  const { health } = await api.admin("GET", `/models/deployments/${id}`);
  expect(health).toMatchObject({ state: "closed" });
});

test("a circle of fallbacks, no members and weights of nothing are refused where they are", async ({
  page,
  api,
}) => {
  const [one, two, name] = [unique("one"), unique("two"), unique("member")];
  await api.addDeployment({ name, provider: "mock", model_name: "echo" });
  await api.admin("POST", "/aliases", { name: one, members: [{ deployment: name }] });
  await api.admin("POST", "/aliases", {
    name: two,
    members: [{ deployment: name }],
    fallbacks: [one],
  });
  await page.goto(`/routing/${one}`);
  await page.getByRole("combobox", { name: "Add a fallback" }).fill(two);
  await page.getByRole("option", { name: two }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`leads back to '${one}'`).first()).toBeVisible();

  await page.getByRole("button", { name: `Remove ${two}` }).click();
  await page.getByRole("button", { name: `Remove ${name}` }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("main")).toContainText(/members/i);
  const kept = await api.admin("GET", `/aliases/${one}`);
  expect(kept).toMatchObject({ members: [{ deployment: name }], fallbacks: [], version: 1 });
});

test("members are put in order with the keyboard alone", async ({ page, api }) => {
  const names = [unique("first"), unique("second")];
  const alias = unique("keyboard");
  for (const name of names) {
    await api.addDeployment({ name, provider: "mock", model_name: "echo" });
  }
  await api.admin("POST", "/aliases", {
    name: alias,
    members: names.map((deployment, at) => ({ deployment, priority: at + 1 })),
  });
  await page.goto(`/routing/${alias}`);

  await page.getByRole("button", { name: `Move ${names[1]} up` }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText(`${names[1]} is 1 of 2, priority 1.`)).toBeAttached();
  await page.getByRole("button", { name: "Save" }).focus();
  await page.keyboard.press("Enter");

  const order = async () => {
    const { members } = await api.admin("GET", `/aliases/${alias}`);
    return (members as { deployment: string; priority: number }[]).map((member) => [
      member.deployment,
      member.priority,
    ]);
  };
  await expect.poll(order).toEqual([
    [names[1], 1],
    [names[0], 2],
  ]);
});

test("of two editors the second sees what the first one saved, and chooses", async ({
  page,
  pageAs,
  api,
}) => {
  const [name, alias] = [unique("member"), unique("contested")];
  await api.addDeployment({ name, provider: "mock", model_name: "echo" });
  await api.admin("POST", "/aliases", { name: alias, members: [{ deployment: name }] });
  const second = await pageAs("admin");
  await page.goto(`/routing/${alias}`);
  await second.goto(`/routing/${alias}`);

  await page.getByLabel("Attempts").fill("5");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(async () => (await api.admin("GET", `/aliases/${alias}`))["version"]).toBe(2);

  await second.getByLabel("Attempts").fill("7");
  await second.getByRole("button", { name: "Save" }).click();
  const notice = second.getByRole("region", { name: "Changed meanwhile" });
  await expect(notice).toContainText("admin@example.com");
  await expect(notice).toContainText("5");
  await expect(notice).toContainText("7");
  expect((await api.admin("GET", `/aliases/${alias}`))["max_attempts"]).toBe(5);
  await expectAccessible(second);

  await notice.getByRole("button", { name: /Overwrite/ }).click();
  await expect(notice).toBeHidden();
  expect(await api.admin("GET", `/aliases/${alias}`)).toMatchObject({
    max_attempts: 7,
    version: 3,
  });
});

test("deleting an alias names the keys that list it and asks for its name", async ({
  page,
  api,
}) => {
  const [name, alias, keyName] = [unique("member"), unique("doomed"), unique("key")];
  await api.addDeployment({ name, provider: "mock", model_name: "echo" });
  await api.admin("POST", "/aliases", { name: alias, members: [{ deployment: name }] });
  await api.addKey({ alias: keyName, allowed_models: [alias] });
  await page.goto(`/routing/${alias}`);
  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText(keyName);
  await expect(dialog.getByRole("button", { name: "Delete" })).toBeDisabled();
  await dialog.getByLabel(/to confirm/).fill(alias);
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/^[^?]*\/routing$/);
  await expect(page.getByRole("link", { name: alias, exact: true })).toHaveCount(0);
});

test.describe("who may only read", () => {
  test.use({ as: "lead" });

  test("sees members and shares, and nothing to change them with", async ({
    page,
    api,
    problems,
  }) => {
    problems.allow(/status of 403/);
    const [name, alias] = [unique("member"), unique("readable")];
    await api.addDeployment({ name, provider: "mock", model_name: "echo" });
    await api.admin("POST", "/aliases", { name: alias, members: [{ deployment: name }] });
    await page.goto(`/routing/${alias}`);
    await expect(page.getByRole("main")).toContainText(name);
    await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Delete" })).toHaveCount(0);
    const simulate = await page.request.get(`/api/console/routing/simulate?name=${alias}`);
    expect(simulate.status()).toBe(403);
  });
});
