import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { chatReply, chatStreamReply } from "#lib/testing/openai-replies.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

const unique = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

const GOOD_KEY = `sk-good-${randomUUID()}`;
const BAD_KEY = `sk-bad-${randomUUID()}`;
const COMPLAINT = "Incorrect API key provided";

/** A provider that takes one key and complains of every other. */
let upstream: FakeUpstream;
test.beforeAll(async () => {
  upstream = await startFakeUpstream((request) => {
    if (request.headers.authorization !== `Bearer ${GOOD_KEY}`) {
      return { status: 401, json: { error: { message: COMPLAINT, code: "invalid_api_key" } } };
    }
    const { stream } = request.json() as { stream?: boolean };
    return stream === true ? chatStreamReply(["Hello"]) : chatReply("Hello");
  });
});
test.afterAll(() => upstream.close());

/** Every answer of the server to this page, as text. */
function answersTo(page: Page): Promise<string>[] {
  const texts: Promise<string>[] = [];
  page.on("response", (response) => {
    texts.push(response.text().catch(() => ""));
  });
  return texts;
}

test("a deployment is tried, saved although it fails, repaired and tried again, and its key is never sent back", async ({
  page,
}) => {
  const name = unique("journey");
  const answers = answersTo(page);
  await page.goto("/models/new");
  await page.getByRole("link", { name: /^OpenAI-compatible server/ }).click();

  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Upstream model").fill(unique("model"));
  await page.getByLabel("Base URL").fill(`http://127.0.0.1:${upstream.port}/v1`);
  await page.getByLabel("Provider key").fill(BAD_KEY);
  await page.getByRole("button", { name: "Test connection" }).click();

  const steps = page.getByRole("list", { name: "Steps of the test" });
  await expect(
    steps.getByRole("listitem").filter({ hasText: "Credential accepted" }),
  ).toContainText(COMPLAINT);
  await expect(steps.getByRole("listitem").filter({ hasText: "Connect" })).toContainText("passed");
  await page.getByRole("button", { name: "Save anyway" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

  await page.getByRole("link", { name: "Config" }).click();
  await expect(page.getByLabel("Provider key")).toHaveValue(`••••${BAD_KEY.slice(-4)}`);
  await expect(page.getByText("Unverified")).toBeVisible();
  await page.getByRole("button", { name: "Replace" }).click();
  await page.getByLabel("Provider key").fill(GOOD_KEY);
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByText(/It works: .* answered in/)).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByLabel("Provider key")).toHaveValue(`••••${GOOD_KEY.slice(-4)}`);

  const all = (await Promise.all(answers)).join("\n");
  expect(all).not.toContain(GOOD_KEY);
  expect(all).not.toContain(BAD_KEY);
});

test("filters of the list leave nothing else, live in the address, and a senseless one is said", async ({
  page,
  api,
}) => {
  const [mine, other] = [unique("mine"), unique("other")];
  await api.addDeployment({ name: mine, provider: "mock", model_name: mine });
  await api.addDeployment({ name: other, provider: "mock", model_name: other });
  await page.goto("/models");
  const table = page.getByRole("table", { name: "Deployments" });
  await expect(table.getByRole("link", { name: other })).toBeVisible();

  await page.getByRole("searchbox", { name: "Search deployments" }).fill(mine);

  await expect(table.getByRole("link", { name: other })).toHaveCount(0);
  await expect(table.getByRole("link", { name: mine })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`q=${mine}`));
  await page.goto(`/models?q=${mine}&state=sideways`);
  await expect(page.getByText("Ignored: state=sideways")).toBeVisible();
  await page.goto(`/models?q=${mine}&state=off`);
  await expect(page.getByText("No deployments match.")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(table.getByRole("link", { name: other })).toBeVisible();
});

test("the last deployment behind an alias goes only when its name was typed", async ({
  page,
  api,
}) => {
  const name = unique("last");
  const alias = unique("alias");
  const id = await api.addDeployment({ name, provider: "mock", model_name: "echo" });
  await api.admin("POST", "/aliases", { name: alias, members: [{ deployment: name }] });
  await page.goto(`/models/${id}`);
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();

  const dialog = page.getByRole("alertdialog", { name: `Delete ${name}` });
  await expect(dialog).toContainText(`the last one behind ${alias}`);
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expect(dialog.getByRole("button", { name: "Delete" })).toBeDisabled();
  await dialog.getByLabel(/to confirm/).fill(name);
  await dialog.getByRole("button", { name: "Delete" }).click();

  await expect(page).toHaveURL(/^[^?]*\/models$/);
  await expect(page.getByRole("link", { name, exact: true })).toHaveCount(0);
});

test("switching off takes it out of routing at once, and Undo brings it back", async ({
  page,
  api,
}) => {
  const name = unique("switch");
  const id = await api.addDeployment({ name, provider: "mock", model_name: "echo" });
  const isActive = async () => (await api.admin("GET", `/models/deployments/${id}`))["is_active"];
  await page.goto(`/models?q=${name}`);
  const box = page.getByRole("switch", { name: `${name} takes requests` });

  await box.click();
  await expect(box).not.toBeChecked();
  await expect.poll(isActive).toBe(false);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(isActive).toBe(true);
  await expect(box).toBeChecked();
});

test("a price set for an unpriced model changes new costs and no old ones", async ({
  page,
  api,
  world,
}) => {
  const model = unique("house");
  await api.addDeployment({
    name: model,
    provider: "openai_compatible",
    model_name: model,
    api_base: `http://127.0.0.1:${upstream.port}/v1`,
    api_key: GOOD_KEY,
  });
  const { key } = await api.addKey();
  const ask = async () => {
    const reply = await fetch(`${world.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] }),
    });
    expect(reply.status).toBe(200);
  };
  const costs = async () => {
    const { logs } = await api.admin("GET", `/logs?model=${model}`);
    return (logs as { cost_usd: string | null; price_state: string }[]).map((log) => [
      log.price_state,
      log.cost_usd,
    ]);
  };
  await ask();
  await expect.poll(async () => (await costs()).length, { timeout: 20_000 }).toBe(1);
  const before = await costs();
  expect(before[0]?.[0]).toBe("unpriced");

  await page.goto("/settings/pricing");
  await page.getByRole("button", { name: `Add price for ${model}` }).click();
  const sheet = page.getByRole("dialog", { name: "Add price" });
  await expect(sheet.getByLabel("Model")).toHaveValue(model);
  await sheet.getByLabel("Input", { exact: false }).first().fill("1000");
  await sheet.getByLabel("Output").fill("1000");
  await sheet.getByRole("button", { name: "Add price" }).click();
  await expect(sheet).toBeHidden();
  await expect(page.getByRole("button", { name: `Add price for ${model}` })).toHaveCount(0);
  await expect(page.getByRole("table", { name: "Prices" })).toContainText(model);

  await ask();
  await expect.poll(async () => (await costs()).length, { timeout: 20_000 }).toBe(2);
  // The provider says 9 tokens in and 3 out: 12 at a thousand dollars a million.
  expect(await costs()).toEqual([["priced", "0.012"], before[0]]);
});

test("the health page has every deployment, asks again by itself, and is free of barriers", async ({
  page,
}) => {
  await page.goto("/health");
  const polled = page.waitForResponse((response) => response.url().endsWith("/api/console/health"));
  await expect(page.getByRole("heading", { level: 1, name: "Health" })).toBeVisible();
  expect((await polled).status()).toBe(200);
  await expect(page.getByText("Event loop lag")).toBeVisible();
  await expect(page.getByRole("img", { name: /last 24 hours in quarters/ }).first()).toBeVisible();
  await expect(page.getByRole("table", { name: "Jobs" })).toContainText("Retention");
  await expect(page.getByRole("table", { name: "Processes" })).toContainText("Alive");
  await expectAccessible(page);
});

test.describe("who may not change deployments", () => {
  test.use({ as: "member" });

  test("sees neither addresses nor keys nor ways to change them", async ({
    page,
    api,
    problems,
  }) => {
    problems.allow(/status of 403|status of 404/);
    const name = unique("hidden");
    const id = await api.addDeployment({
      name,
      provider: "openai_compatible",
      model_name: "secret-place",
      api_base: `http://127.0.0.1:${upstream.port}/v1`,
      api_key: GOOD_KEY,
    });
    const answers = answersTo(page);
    await page.goto(`/models?q=${name}`);
    await expect(page.getByRole("link", { name })).toBeVisible();
    await expect(page.getByRole("link", { name: "Add deployment" })).toHaveCount(0);
    await page.goto(`/models/${id}?tab=config`);
    await expect(page.getByText("Priority")).toBeVisible();
    await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
    const all = (await Promise.all(answers)).join("\n");
    expect(all).not.toContain(`:${upstream.port}`);
    expect(all).not.toContain(GOOD_KEY.slice(-4));

    for (const address of ["/models/new", "/health", "/settings/pricing"]) {
      await page.goto(address);
      await expect(
        page.getByRole("heading", { level: 1, name: /is not open to you|not yours to open/ }),
        address,
      ).toBeVisible();
    }
    const test = await page.request.post("/api/console/deployments/test", { data: { id } });
    expect(test.status()).toBe(403);
    const impact = await page.request.get(`/api/console/deployments/${id}/impact`);
    expect(impact.status()).toBe(403);
    expect((await page.request.get("/api/console/health")).status()).toBe(403);
  });
});
