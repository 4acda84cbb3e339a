import { getTableColumns } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { promptVersions } from "#drizzle/schema/prompt-versions.ts";
import { prompts } from "#drizzle/schema/prompts.ts";
import { getSql } from "#lib/db/client.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson } from "#lib/testing/people.ts";
import { removePerson } from "./person-removal.ts";
import { createVersion } from "./prompt-versions.ts";
import { createPrompt } from "./prompts.ts";

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
  await api.ok("POST", "/models/deployments", {
    name: "cheap",
    provider: "mock",
    model_name: "cheap-model",
    input_price_per_million_usd: "1",
    output_price_per_million_usd: "9",
  });
  await api.ok("POST", "/aliases", { name: "fast", members: [{ deployment: "cheap" }] });
});
afterAll(() => api.close());

const said = (content: string) => [{ role: "user", content }];

async function refusal(method: string, path: string, body?: unknown): Promise<unknown[]> {
  const reply = await api.call(method, path, { body });
  return [reply.status, reply.body?.error?.param ?? null];
}

test("a prompt is made, read, described and deleted under its name, slashes included", async () => {
  const made = await api.call("POST", "/prompts/", {
    body: {
      name: "support/mail.reply",
      messages: [{ role: "system", content: "Write to {{name}} about {{topic}}." }],
      variables: [{ name: "topic", type: "string", default: "you" }],
      model_hint: "fast",
      labels: ["production"],
    },
  });

  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    name: "support/mail.reply",
    latest_version: 1,
    labels: [{ label: "production", version: 1 }],
    variables: ["topic", "name"],
    model_hint: "fast",
  });
  const path = "/prompts/support%2Fmail.reply";
  expect(await api.ok("GET", `${path}/`)).toEqual(made.body);
  expect(await api.ok("GET", `${path}/versions/1`)).toMatchObject({
    variables: [
      { name: "topic", required: true, default: "you" },
      { name: "name", type: "string", required: true, default: null },
    ],
    note: "First version",
    labels: ["production"],
  });
  expect(currentSnapshot().prompts.get("support/mail.reply")?.latest).toBe(1);
  expect(await api.ok("PATCH", path, { description: "Replies" })).toMatchObject({
    description: "Replies",
  });
  const listed = await api.ok("GET", "/prompts?folder=support");
  expect([listed.total, listed.prompts[0].name]).toEqual([1, "support/mail.reply"]);
  expect((await api.ok("GET", "/prompts?folder=support%2Fmail.reply")).total).toBe(0);
  expect((await api.ok("GET", "/prompts?folder=suppor_")).total).toBe(0);
  expect((await api.call("DELETE", path)).status).toBe(204);
  expect((await api.call("GET", path)).status).toBe(404);
  expect((await api.call("GET", `${path}/versions/1`)).status).toBe(404);
  expect(currentSnapshot().prompts.has("support/mail.reply")).toBe(false);
});

test("a version that is saved stays as it is, whatever is saved or moved after it", async () => {
  await api.ok("POST", "/prompts", { name: "stays", messages: said("one {{a}}") });
  const first = await api.ok("GET", "/prompts/stays/versions/1");
  const stored = () => getSql()`select * from prompt_versions where version = 1`;
  const before = await stored();

  const second = await api.ok("POST", "/prompts/stays/versions", {
    messages: said("two {{b}}"),
    note: "Shorter",
    labels: ["production"],
  });
  await api.ok("POST", "/prompts/stays/labels", { label: "production", version: 1 });
  await api.ok("PATCH", "/prompts/stays", { description: "Other" });

  expect(second).toMatchObject({ version: 2, note: "Shorter", labels: ["production"] });
  expect(await stored()).toEqual(before);
  expect(await api.ok("GET", "/prompts/stays/versions/1")).toEqual({
    ...first,
    labels: ["production"],
  });
  for (const method of ["PUT", "PATCH", "POST"]) {
    const reply = await api.call(method, "/prompts/stays/versions/1", { body: {} });
    expect(reply.status, method).toBe(405);
  }
  const list = await api.ok("GET", "/prompts/stays/versions");
  expect([list.total, list.versions.map((each: { version: number }) => each.version)]).toEqual([
    2,
    [2, 1],
  ]);
});

test("a version with a label and the newest one are not deleted, and no number is used twice", async () => {
  await api.ok("POST", "/prompts", { name: "kept", messages: said("1"), labels: ["production"] });
  await api.ok("POST", "/prompts/kept/versions", { messages: said("2"), note: "2" });

  expect(await refusal("DELETE", "/prompts/kept/versions/1")).toEqual([409, "version"]);
  expect(await refusal("DELETE", "/prompts/kept/versions/2")).toEqual([409, "version"]);
  expect(await refusal("DELETE", "/prompts/kept/versions/3")).toEqual([404, null]);
  await api.ok("POST", "/prompts/kept/labels", { label: "production", version: 2 });
  expect((await api.call("DELETE", "/prompts/kept/versions/1")).status).toBe(204);
  expect(await refusal("GET", "/prompts/kept/versions/1")).toEqual([404, null]);
  const third = await api.ok("POST", "/prompts/kept/versions", { messages: said("3"), note: "3" });
  expect(third.version).toBe(3);
});

test("a prompt that takes a deleted one's name takes none of its version numbers", async () => {
  const create = () => api.ok("POST", "/prompts", { name: "reborn", messages: said("1") });
  await create();
  await api.ok("POST", "/prompts/reborn/versions", { messages: said("2"), note: "2" });
  await api.call("DELETE", "/prompts/reborn");
  expect((await create()).latest_version).toBe(3);
  await api.call("DELETE", "/prompts/reborn");
  expect((await create()).latest_version).toBe(4);
});

test("all versions together keep to what every process can hold in memory", async () => {
  await api.ok("POST", "/prompts", { name: "huge", messages: said("x") });
  await getSql()`
    insert into prompt_versions (prompt_id, version, messages, variables, note)
    select id, 2, jsonb_build_array(jsonb_build_object(
      'role', 'user', 'content', repeat('x', 32 * 1024 * 1024 - 60000))), '[]', 'Long'
    from prompts where name = 'huge'`;
  const save = { messages: said("y".repeat(60_000)), note: "2" };
  const before = await getSql()`select count(*) from prompt_versions`;

  expect(await refusal("POST", "/prompts/huge/versions", save)).toEqual([400, "messages"]);
  const created = { name: "small", messages: save.messages };
  expect(await refusal("POST", "/prompts", created)).toEqual([400, "messages"]);
  expect(await getSql()`select count(*) from prompt_versions`).toEqual(before);
  expect((await api.call("DELETE", "/prompts/huge")).status).toBe(204);
  expect(await refusal("POST", "/prompts", created)).toEqual([201, null]);
});

test("two people who save at once get two versions", async () => {
  await api.ok("POST", "/prompts", { name: "busy", messages: said("1") });
  const saved = await Promise.all(
    ["a", "b", "c", "d"].map((text) =>
      api.ok("POST", "/prompts/busy/versions", { messages: said(text), note: text }),
    ),
  );
  expect(saved.map(({ version }) => version).toSorted()).toEqual([2, 3, 4, 5]);
});

test("a label moves only from where its mover believes it to be", async () => {
  await api.ok("POST", "/prompts", { name: "moved", messages: said("1") });
  await api.ok("POST", "/prompts/moved/versions", { messages: said("2"), note: "2" });
  const move = (version: number, expected?: number | null) =>
    refusal("POST", "/prompts/moved/labels", {
      label: "production",
      version,
      ...(expected === undefined ? {} : { expected_version: expected }),
    });

  expect(await move(1, null)).toEqual([200, null]);
  expect(await move(2, null)).toEqual([409, "expected_version"]);
  expect(await move(2, 1)).toEqual([200, null]);
  expect(await move(9)).toEqual([400, "version"]);
  expect(await refusal("POST", "/prompts/moved/labels", { label: "latest", version: 1 })).toEqual([
    400,
    "label",
  ]);
  expect((await api.call("DELETE", "/prompts/moved/labels/production")).status).toBe(204);
  expect(await refusal("DELETE", "/prompts/moved/labels/production")).toEqual([404, null]);
});

test("a template is refused with the place of its mistake", async () => {
  const create = (fields: Record<string, unknown>) =>
    api.call("POST", "/prompts", { body: { name: "bad", messages: said("x"), ...fields } });
  const broken = await create({ messages: [...said("ok"), ...said("a\nb {{#if x}}")] });
  expect([broken.status, broken.body.error.param]).toEqual([400, "messages[1].content"]);
  expect(broken.body.error.message).toContain("line 2, column 3");

  const params = [
    create({ messages: [] }),
    create({ messages: [{ role: "tool", content: "x" }] }),
    create({ messages: said("") }),
    create({ messages: said("x".repeat(100_001)) }),
    create({ messages: Array.from({ length: 3 }, () => said("x".repeat(99_999))).flat() }),
    create({ variables: [{ name: "a b" }] }),
    create({ variables: [{ name: "a" }, { name: "a" }] }),
    create({ variables: [{ name: "a", type: "number", default: "1" }] }),
    create({ variables: [{ name: "a", type: "date" }] }),
    create({ name: "../up" }),
    create({ name: "a//b" }),
    create({ name: "new" }),
    create({ labels: ["Production"] }),
  ];
  expect((await Promise.all(params)).map(({ status, body }) => [status, body.error.param])).toEqual(
    [
      "messages",
      "messages[0].role",
      "messages[0].content",
      "messages[0].content",
      "messages",
      "variables[0].name",
      "variables[1].name",
      "variables[0].default",
      "variables[0].type",
      "name",
      "name",
      "name",
      "labels[0]",
    ].map((param) => [400, param]),
  );
  expect((await api.call("GET", "/prompts/bad")).status).toBe(404);
});

test("rendering shows messages, tokens and costs, calls nobody, and names what is missing", async () => {
  await api.ok("POST", "/prompts", {
    name: "shown",
    messages: [
      { role: "system", content: "Be {{mood}}." },
      { role: "user", content: "{{n}} times {{text}}" },
    ],
    variables: [
      { name: "mood", default: "kind" },
      { name: "n", type: "number" },
    ],
  });
  const answer = await api.ok("POST", "/prompts/shown/render", {
    variables: { n: 3, text: "{{mood}}" },
  });
  expect(answer).toMatchObject({
    version: 1,
    messages: [
      { role: "system", content: "Be kind." },
      { role: "user", content: "3 times {{mood}}" },
    ],
  });
  expect(answer.input_tokens).toBeGreaterThan(5);
  const cost = answer.costs.find((each: { model: string }) => each.model === "fast");
  // A dollar for a million tokens.
  expect(Number(cost.least_usd)).toBeCloseTo(answer.input_tokens / 1_000_000, 9);
  const render = (body: unknown) => refusal("POST", "/prompts/shown/render", body);
  expect(await render({ variables: { n: 3 } })).toEqual([400, "variables.text"]);
  expect(await render({ variables: { n: "3", text: "" } })).toEqual([400, "variables.n"]);
  expect(await render({ variables: { n: 3, text: "", x: 1 } })).toEqual([400, "variables.x"]);
  expect(await render({ version: 7 })).toEqual([400, "version"]);
  expect(await render({ label: "gone" })).toEqual([400, "label"]);
});

test("two versions are compared as text", async () => {
  await api.ok("POST", "/prompts", { name: "compared", messages: said("Hello\nworld") });
  await api.ok("POST", "/prompts/compared/versions", {
    messages: said("Hello\nthere"),
    model_hint: "fast",
    note: "2",
  });
  const { diff } = await api.ok("GET", "/prompts/compared/diff?a=1&b=2");
  expect(diff.split("\n").filter((line: string) => /^[+-][^+-]/.test(line))).toEqual([
    "-world",
    "+there",
    "-model: none",
    "+model: fast",
  ]);
  expect(await refusal("GET", "/prompts/compared/diff?a=1")).toEqual([400, "b"]);
  expect(await refusal("GET", "/prompts/compared/diff?a=1&b=5")).toEqual([404, null]);
});

test("a member reads and renders, and writes nothing", async () => {
  const token = async (scopes: string[]) =>
    (await api.ok("POST", "/tokens", { name: scopes.join(), scopes })).token;
  const reader = await token(["prompt.read"]);
  await api.ok("POST", "/prompts", { name: "read", messages: said("x") });
  const status = async (method: string, path: string, body?: unknown) =>
    (await api.call(method, path, { body, token: reader })).status;
  expect(await status("GET", "/prompts")).toBe(200);
  expect(await status("POST", "/prompts/read/render", {})).toBe(200);
  expect(await status("POST", "/prompts", { name: "no", messages: said("x") })).toBe(403);
  expect(await status("POST", "/prompts/read/versions", {})).toBe(403);
  expect(await status("POST", "/prompts/read/labels", {})).toBe(403);
  expect(await status("DELETE", "/prompts/read/versions/1")).toBe(403);
  expect(await status("DELETE", "/prompts/read/labels/x")).toBe(403);
  expect(await status("DELETE", "/prompts/read")).toBe(403);
});

test("a version names who saved it", async () => {
  const author = await makePerson({ role: "team_admin", email: "author@example.com" });
  const fields = { description: null, variables: [], model_hint: null, labels: [] };
  const messages = [{ role: "user" as const, content: "x" }];
  await createPrompt(author, { ...fields, name: "authored", messages, note: "1" });
  const second = await createVersion(author, "authored", {
    ...fields,
    messages,
    note: "2",
    labels: ["production"],
  });
  expect(second.created_by).toBe("author@example.com");
  expect(await api.ok("GET", "/prompts/authored")).toMatchObject({
    updated_by: "author@example.com",
  });
});

test("somebody who saved prompts and labels can be removed, and what they saved stays", async () => {
  const author = await makePerson({ role: "team_admin" });
  const admin = await makePerson({ role: "admin" });
  const messages = [{ role: "user" as const, content: "x" }];
  await createPrompt(author, {
    name: "orphan",
    description: null,
    messages,
    variables: [],
    model_hint: null,
    note: "1",
    labels: ["production"],
  });
  await removePerson(admin, { id: author.principal.id });
  expect(await api.ok("GET", "/prompts/orphan")).toMatchObject({
    updated_by: null,
    labels: [{ label: "production", version: 1 }],
  });
});

test("no column of the tables can be set that is not in the documented body", async () => {
  const documented = new Set(["name", "description", "messages", "variables", "model_hint"]);
  documented.add("note");
  const columns = [prompts, promptVersions].flatMap((table) =>
    Object.entries(getTableColumns(table)).flatMap(([field, { name }]) => [field, name]),
  );
  for (const name of columns.filter((column) => !documented.has(column))) {
    const body = { name: "mass", messages: said("x"), [name]: "x" };
    expect(await refusal("POST", "/prompts", body), name).toEqual([400, name]);
  }
  const nested = { name: "mass", messages: [{ role: "user", content: "x", version: 1 }] };
  expect(await refusal("POST", "/prompts", nested)).toEqual([400, "messages[0].version"]);
});
