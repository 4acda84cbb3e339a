import { afterAll, beforeAll, expect, test } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson, makeTeam } from "#lib/testing/people.ts";
import { showRuleBoard } from "./guardrail-board.ts";

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
});
afterAll(() => api.close());

const rule = (fields: Record<string, unknown>) => ({
  type: "max_tokens",
  stage: "pre",
  action: "block",
  config: { max_tokens: 100 },
  ...fields,
});

const webhook = (fields: Record<string, unknown>) => ({
  type: "webhook",
  stage: "pre",
  action: "block",
  ...fields,
});

test("a rule starts in shadow mode behind the others, and is in the snapshot at once", async () => {
  const first = await api.ok("POST", "/guardrails/rules", rule({ name: "Long requests" }));
  const second = await api.ok("POST", "/guardrails/rules/", rule({ name: "Longer requests" }));

  expect(first).toMatchObject({
    mode: "shadow",
    fail: "closed",
    scope: { kind: "organization" },
    config: { max_tokens: 100 },
    version: 1,
    secret: { set: false, last4: null },
  });
  expect(second.priority).toBeGreaterThan(first.priority);
  expect(currentSnapshot().rules.map(({ name }) => name)).toEqual([
    "Long requests",
    "Longer requests",
  ]);
  expect(await api.ok("GET", `/guardrails/rules/${first.id}`)).toEqual(first);

  await api.ok("PATCH", `/guardrails/rules/${first.id}`, { mode: "off" });
  expect(currentSnapshot().rules.map(({ name }) => name)).toEqual(["Longer requests"]);
  for (const { id } of [first, second]) {
    expect((await api.call("DELETE", `/guardrails/rules/${id}`)).status).toBe(204);
  }
  expect(currentSnapshot().rules).toEqual([]);
});

test("both stands for the request and the answer, and is read back as it was given", async () => {
  const made = await api.ok("POST", "/guardrails/rules", rule({ name: "Both", stage: "both" }));
  expect(made.stage).toBe("both");
  expect(currentSnapshot().rules[0]?.stages).toEqual(["pre", "post"]);
  await api.ok("PATCH", `/guardrails/rules/${made.id}`, { stage: "post" });
  expect(currentSnapshot().rules[0]?.stages).toEqual(["post"]);
  await api.call("DELETE", `/guardrails/rules/${made.id}`);
});

test("what could never run is refused at save, naming the field", async () => {
  const told = [];
  for (const fields of [
    { type: "nothing" },
    { stage: "during" },
    { action: "mask" },
    { config: {} },
    { config: { max_tokens: 0 } },
    { config: { max_tokens: 5, more: 1 } },
    { secret: "a-secret-that-nobody-needs" },
    { scope: { kind: "team", id: "019ac0de-0000-7000-8000-000000000000" } },
    { scope: { kind: "alias", name: "nobody" } },
    { scope: { kind: "everybody" } },
    { name: 'a "quoted" name' },
    { type: "regex", config: { pattern: "(unclosed" } },
  ]) {
    const reply = await api.call("POST", "/guardrails/rules", {
      body: { ...rule({ name: "Never" }), ...fields },
    });
    told.push([reply.status, reply.body.error.param]);
  }
  expect(told).toEqual([
    [400, "type"],
    [400, "stage"],
    [400, "action"],
    [400, "config.max_tokens"],
    [400, "config.max_tokens"],
    [400, "config.more"],
    [400, "secret"],
    [400, "scope.id"],
    [400, "scope.name"],
    [400, "scope.kind"],
    [400, "name"],
    [400, expect.stringMatching(/^config/)],
  ]);
  expect(await api.ok("GET", "/guardrails/rules")).toEqual({ rules: [], total: 0 });
});

test("an edit is checked with what it leaves alone, and an old one is refused with what is there", async () => {
  const made = await api.ok("POST", "/guardrails/rules", rule({ name: "Edited" }));
  const path = `/guardrails/rules/${made.id}`;

  const impossible = await api.call("PATCH", path, { body: { stage: "during" } });
  expect([impossible.status, impossible.body.error.param]).toEqual([400, "stage"]);

  const changed = await api.ok("PATCH", path, { action: "warn", expected_version: 1 });
  expect(changed).toMatchObject({ action: "warn", version: 2, config: { max_tokens: 100 } });
  const stale = await api.call("PATCH", path, { body: { action: "log", expected_version: 1 } });
  expect(stale.status).toBe(409);
  expect(
    (await api.call("POST", "/guardrails/rules", { body: rule({ name: "Edited" }) })).status,
  ).toBe(409);
  await api.call("DELETE", path);
});

test("a secret is sealed, never shown, and not sent to an address that it was not entered for", async () => {
  const made = await api.ok(
    "POST",
    "/guardrails/rules",
    webhook({
      name: "Signed",
      config: { url: "https://checks.example.com/a" },
      secret: "a-signing-secret-1234",
    }),
  );
  const path = `/guardrails/rules/${made.id}`;
  expect(made.secret).toEqual({ set: true, last4: "1234" });
  expect(currentSnapshot().rules[0]?.secret?.reveal()).toBe("a-signing-secret-1234");

  const url = { url: "https://elsewhere.example.com/a" };
  const moved = await api.call("PATCH", path, { body: { config: url } });
  expect([moved.status, moved.body.error.param]).toEqual([400, "secret"]);
  const tried = await api.call("POST", "/guardrails/test", {
    body: {
      messages: [{ role: "user", content: "Hello" }],
      rule_id: made.id,
      draft: webhook({ name: "Signed", config: url }),
    },
  });
  expect([tried.status, tried.body.error.param]).toEqual([400, "secret"]);

  await api.ok("PATCH", path, { config: { url: "https://checks.example.com/b" } });
  await api.ok("PATCH", path, { config: url, secret: "another-secret-5678" });
  expect(currentSnapshot().rules[0]?.secret?.reveal()).toBe("another-secret-5678");
  const [events] = await getSql()`
    select string_agg(coalesce(after::text, '') || coalesce(before::text, ''), '') as said
    from audit_events where target_type = 'guardrail'`;
  expect(events?.["said"]).not.toContain("secret-5678");
  await api.call("DELETE", path);
});

test("the order is set as a whole, and a list of other rules than there are is refused", async () => {
  const ids: string[] = [];
  for (const name of ["One", "Two", "Three"]) {
    ids.push((await api.ok("POST", "/guardrails/rules", rule({ name }))).id);
  }
  const [one, two, three] = ids;
  const sorted = await api.ok("POST", "/guardrails/order", { ids: [three, one, two] });
  expect(sorted.rules.map(({ name }: { name: string }) => name)).toEqual(["Three", "One", "Two"]);
  expect(currentSnapshot().rules.map(({ name }) => name)).toEqual(["Three", "One", "Two"]);
  expect(sorted.rules[0].version).toBe(1);

  const before = await api.marks();
  const missing = await api.call("POST", "/guardrails/order", { body: { ids: [one, two] } });
  const doubled = await api.call("POST", "/guardrails/order", { body: { ids: [one, two, two] } });
  expect([missing.status, doubled.status]).toEqual([409, 400]);
  expect(await api.marks()).toEqual(before);
  for (const id of ids) {
    await api.call("DELETE", `/guardrails/rules/${id}`);
  }
});

test("who may not set rules sees that they are there, and neither how nor where they ask", async () => {
  const team = await makeTeam("Support");
  const made = await api.ok(
    "POST",
    "/guardrails/rules",
    webhook({
      name: "Of a team",
      config: { url: "https://checks.example.com/internal" },
      secret: "a-signing-secret-1234",
      scope: { kind: "team", id: team.id },
    }),
  );
  const member = await makePerson({ role: "member", teamIds: [team.id] });
  const board = await showRuleBoard(member);
  expect(board.rows).toMatchObject([{ scope_name: "Support", rule: { config: null } }]);
  expect(JSON.stringify(board)).not.toContain("checks.example.com");

  const admin = await makePerson({ role: "admin" });
  const [row] = (await showRuleBoard(admin)).rows;
  expect(row?.rule.config).toMatchObject({ url: "https://checks.example.com/internal" });
  await api.call("DELETE", `/guardrails/rules/${made.id}`);
});

test("a board names the teams and keys that its reader may see, and others by id alone", async () => {
  const team = await makeTeam("Payroll");
  const mate = await makePerson({ role: "member", teamIds: [team.id] });
  const owner = await makePerson({ role: "member" });
  const { id: keyId } = await api.ok("POST", "/keys", {
    user_email: owner.principal.email,
    alias: "layoffs",
  });
  const made = [
    await api.ok(
      "POST",
      "/guardrails/rules",
      rule({ name: "t", scope: { kind: "team", id: team.id } }),
    ),
    await api.ok(
      "POST",
      "/guardrails/rules",
      rule({ name: "k", scope: { kind: "key", id: keyId } }),
    ),
  ];
  const namesFor = async (actor: Parameters<typeof showRuleBoard>[0]) =>
    (await showRuleBoard(actor)).rows.map(({ scope_name: name }) => name);

  expect(await namesFor(await makePerson({ role: "admin" }))).toEqual(["Payroll", "layoffs"]);
  expect(await namesFor(mate)).toEqual(["Payroll", keyId]);
  expect(await namesFor(owner)).toEqual([team.id, "layoffs"]);
  expect(await namesFor(await makePerson({ role: "team_admin" }))).toEqual([team.id, keyId]);
  for (const { id } of made) {
    await api.call("DELETE", `/guardrails/rules/${id}`);
  }
});

test("every type tells what it takes, and its defaults alone are enough or are refused by field", async () => {
  const { types } = await api.ok("GET", "/guardrails/types");
  expect(types.map(({ type }: { type: string }) => type)).toContain("max_tokens");
  for (const { type, stages, actions, config_schema: schema, secret } of types) {
    expect(schema.type).toBe("object");
    const body = { name: type, type, stage: stages[0], action: actions.at(-1) };
    const reply = await api.call("POST", "/guardrails/rules", { body });
    const isComplete = (schema.required ?? []).length === 0 && secret?.required !== true;
    if (isComplete && reply.status === 201) {
      await api.call("DELETE", `/guardrails/rules/${reply.body.id}`);
    } else {
      expect([type, reply.status, reply.body.error?.param]).toEqual([
        type,
        400,
        expect.stringMatching(/^(config|secret)/),
      ]);
    }
  }
});
