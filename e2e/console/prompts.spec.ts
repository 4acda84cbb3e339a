import { randomUUID } from "node:crypto";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";

const unique = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

const user = (content: string) => [{ role: "user", content }];

test("a prompt is written, versioned, compared and released, and live calls follow the label", async ({
  page,
  api,
  world,
}) => {
  test.setTimeout(120_000);
  const [model, name] = [unique("echo"), `e2e/${unique("greet")}`];
  await api.addDeployment({ name: model, provider: "mock", model_name: model });
  const { key } = await api.addKey();
  const ask = async (variables: Record<string, unknown>) => {
    const reply = await fetch(`${world.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ conduit_prompt: { name, variables } }),
    });
    return { status: reply.status, body: JSON.stringify(await reply.json()) };
  };

  await page.goto("/prompts/new");
  await page.getByLabel(/^Name/).fill(name);
  await page.getByLabel("Model", { exact: true }).fill(model);
  await page.getByRole("combobox", { name: "Role of message 1" }).click();
  await page.getByRole("option", { name: "User" }).click();
  const text = page.getByLabel("Text of message 1");
  await text.fill("Hello\n{{#who}}");
  await expect(page.getByText(/Line 2, column 1:/)).toBeVisible();
  await text.fill("Hello {{who}} from the first");
  await expect(page.getByText(/Line 2/)).toHaveCount(0);
  await expect(page.getByRole("listitem").filter({ hasText: "who" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create prompt" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("list", { name: "Labels of this version" })).toContainText(
    "production",
  );
  expect((await ask({ who: "Ada" })).body).toContain("Hello Ada from the first");

  await page.getByRole("link", { name: "New version" }).click();
  await page.getByLabel("Text of message 1").fill("Hello {{who}} from the second");
  await page.getByLabel(/^What changed/).fill("Another ending");
  await page.keyboard.press("ControlOrMeta+s");
  await expect(page).toHaveURL(/v=2/);
  expect((await ask({ who: "Ada" })).body).toContain("from the first");

  await page.getByRole("link", { name: "Compare" }).click();
  await expect(page.getByText("first", { exact: true })).toBeVisible();
  await expect(page.locator("del")).toHaveText("first");
  await expect(page.locator("ins")).toHaveText("second");
  await expectAccessible(page);

  await page.getByRole("link", { name: "Template" }).click();
  await page.getByLabel("Label to give to this version").fill("production");
  await page.getByRole("button", { name: "Give label" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("Move production from version 1 to version 2");
  await expect(dialog.locator("ins")).toHaveText("second");
  await dialog.getByRole("button", { name: "Move label" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("list", { name: "Labels of this version" })).toContainText(
    "production",
  );
  expect((await ask({ who: "Ada" })).body).toContain("from the second");
  const missing = await ask({});
  expect([missing.status, missing.body]).toEqual([
    400,
    expect.stringContaining("conduit_prompt.variables.who"),
  ]);

  // A version with a label stays; the one that it has left may go.
  await expect(page.getByRole("button", { name: "Delete version 2" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await page.getByRole("link", { name: /Version 1/ }).click();
  await page.getByRole("button", { name: "Delete version 1" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("link", { name: /Version 1/ })).toHaveCount(0);
});

test("rendering tells a missing variable at its field, and gives the messages to the playground", async ({
  page,
  api,
}) => {
  const name = unique("render");
  await api.admin("POST", "/prompts", {
    name,
    messages: [{ role: "system", content: "Be {{mood}}." }, ...user("Count to {{n}} <b>now</b>")],
    variables: [
      { name: "mood", default: "kind" },
      { name: "n", type: "number" },
    ],
  });
  await page.goto(`/prompts/${name}?tab=render`);
  await page.getByRole("button", { name: "Render" }).click();
  await expect(page.getByText("Is required.")).toBeVisible();
  await page.getByLabel(/^n/).fill("many");
  await page.getByRole("button", { name: "Render" }).click();
  await expect(page.getByText("Has to be a number.")).toBeVisible();
  await page.getByLabel(/^n/).fill("3");
  await page.getByLabel(/^mood/).fill("{{n}}");
  await page.getByRole("button", { name: "Render" }).click();
  const messages = page.getByRole("list", { name: "Messages" });
  await expect(messages).toContainText("Be {{n}}.");
  await expect(messages).toContainText("Count to 3 <b>now</b>");
  await expect(page.getByTestId("rendered-tokens")).toContainText(/About \d+ tokens in/);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Open in the playground" }).click();
  await expect(page).toHaveURL(/\/playground$/);
  await expect(page.getByRole("list", { name: "History of panel 1" })).toContainText(
    "Count to 3 <b>now</b>",
  );
  await page.getByText("Shared system prompt (set)").click();
  await expect(page.getByLabel("Shared system prompt")).toHaveValue("Be {{n}}.");
});

test("the playground loads a version and keeps what it has as a prompt", async ({ page, api }) => {
  const [name, copy] = [unique("load"), unique("saved")];
  await api.admin("POST", "/prompts", { name, messages: user("Ask about {{topic}}") });
  await page.goto("/playground");
  await page.getByRole("button", { name: "Prompt", exact: true }).click();
  await page.getByRole("menuitem", { name: "Load a prompt" }).click();
  const load = page.getByRole("dialog");
  await load.getByRole("combobox", { name: "Prompt" }).fill(name);
  await page.getByRole("option", { name: new RegExp(name) }).click();
  await load.getByLabel(/^topic/).fill("tides");
  await load.getByRole("button", { name: "Load" }).click();
  await expect(page.getByRole("list", { name: "History of panel 1" })).toContainText(
    "Ask about tides",
  );
  await page.getByRole("button", { name: "Prompt", exact: true }).click();
  await page.getByRole("menuitem", { name: "Save as a prompt" }).click();
  const save = page.getByRole("dialog");
  await save.getByLabel(/^Name/).fill(copy);
  await save.getByRole("button", { name: "Save" }).click();
  await expect(save).toBeHidden();
  const saved = await api.admin("GET", `/prompts/${copy}/versions/1`);
  expect(saved).toMatchObject({ messages: user("Ask about tides"), labels: ["production"] });
});

test("the list has folders, and is told from an empty one", async ({ page, api }) => {
  const folder = unique("folder");
  const other = unique("elsewhere");
  await api.admin("POST", "/prompts", { name: `${folder}/deep/one`, messages: user("1") });
  await api.admin("POST", "/prompts", { name: other, messages: user("2") });
  await page.goto(`/prompts?folder=${folder}`);
  await expect(page.getByRole("link", { name: `${folder}/deep/one` })).toBeVisible();
  await expect(page.getByRole("link", { name: other })).toHaveCount(0);
  await page.getByRole("navigation", { name: "Folders" }).getByText("deep/").click();
  await expect(page.getByRole("link", { name: `${folder}/deep/one` })).toBeVisible();
  await page.goto(`/prompts?folder=${folder}-not`);
  await expect(page.getByText("No prompts in this folder.")).toBeVisible();
  await page.setViewportSize({ width: 320, height: 800 });
  await page.goto("/prompts");
  await expectNoSidewaysScroll(page);
  await page.goto(`/prompts/${encodeURIComponent(`${folder}/deep/one`)}`);
  await expectNoSidewaysScroll(page);
  await page.goto("/prompts/new");
  await expectNoSidewaysScroll(page);
});

test("a member reads and renders, and is shown nothing that writes", async ({ pageAs, api }) => {
  const name = unique("read");
  await api.admin("POST", "/prompts", { name, messages: user("x") });
  const page = await pageAs("member");
  await page.goto(`/prompts/${name}`);
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("link", { name: "New version" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /Delete|Give label/ })).toHaveCount(0);
  await page.getByRole("link", { name: "Render" }).click();
  await page.getByRole("button", { name: "Render" }).click();
  await expect(page.getByTestId("rendered-tokens")).toBeVisible();
});

test("a request's log entry leads to the version that it was made from", async ({
  page,
  api,
  world,
}) => {
  const [model, name] = [unique("logged"), unique("traced")];
  await api.addDeployment({ name: model, provider: "mock", model_name: model });
  await api.admin("POST", "/prompts", { name, messages: user("Hi"), model_hint: model });
  const { key } = await api.addKey();
  const reply = await fetch(`${world.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ conduit_prompt: { name } }),
  });
  const id = reply.headers.get("x-request-id");
  await expect(async () => {
    await page.goto(`/logs?prompt=${name}&log=${id}&tab=metadata`);
    await expect(page.getByRole("link", { name: `${name}, version 1` })).toBeVisible({
      timeout: 2_000,
    });
  }).toPass();
  await page.getByRole("link", { name: `${name}, version 1` }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
});
