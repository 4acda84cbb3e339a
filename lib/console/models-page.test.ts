import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { DeploymentBoardRow } from "#lib/contract/deployment-board.ts";
import { insertCircuitEvents } from "#lib/db/circuit-events.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { newId } from "#lib/ids.ts";
import { getHealth } from "#lib/routing/health.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson, type PersonActor } from "#lib/testing/people.ts";
import { makeAttempt, makeRecord } from "#lib/testing/records.ts";
import { showAliasBoard, showAliasImpact } from "./alias-board.ts";
import { changeAlias } from "./aliases.ts";
import { showCatalogue, showDeploymentBoard } from "./deployment-board.ts";
import {
  findDeploymentRow,
  resetCircuit,
  showCircuitEvents,
  showDeploymentSeries,
  showImpact,
} from "./deployment-detail.ts";
import { changeDeployment, showDeployment } from "./deployments.ts";
import { showHealth, showHealthStrip } from "./health-report.ts";

let api: AdminApi;
let admin: PersonActor;
const ids: Record<string, string> = {};
beforeAll(async () => {
  api = await openAdminApi();
  admin = await makePerson({ role: "admin", email: "admin@example.com" });
  const fields = {
    main: { weight: 300 },
    second: { weight: 100 },
    backup: { priority: 2 },
    off: { is_active: false },
  };
  for (const [name, changes] of Object.entries(fields)) {
    const made = await api.ok("POST", "/models/deployments", {
      name,
      provider: "openai",
      model_name: "gpt-4o",
      api_key: "sk-test-0123456789abcd",
      api_base: "https://eu.example.com/v1",
      ...changes,
    });
    ids[name] = made.id;
  }
  await api.ok("POST", "/aliases", {
    name: "fast",
    members: [{ deployment: "main" }, { deployment: "off" }],
    fallbacks: ["second"],
  });
  await api.ok("POST", "/aliases", {
    name: "safe",
    members: [{ deployment: "backup" }],
    fallbacks: ["fast"],
  });
});
afterAll(() => api.close());
beforeEach(() => {
  for (const id of Object.values(ids)) {
    getHealth().forget(id);
  }
});

const idOf = (name: string): string => ids[name] ?? "";

function deploymentOf(name: string) {
  const deployment = currentSnapshot().deployments.get(idOf(name));
  if (deployment === undefined) {
    throw new Error(`There is no ${name}.`);
  }
  return deployment;
}

async function requireRow(actor: PersonActor, id: string): Promise<DeploymentBoardRow> {
  const row = await findDeploymentRow(actor, id);
  if (row === undefined) {
    throw new Error("There is no such deployment.");
  }
  return row;
}

/** Five calls in a row that nobody answered open a breaker. */
function breakCircuit(name: string): void {
  for (let call = 0; call < 5; call += 1) {
    getHealth().reportFailure(deploymentOf(name), { kind: "network" });
  }
}

test("people who may not change a deployment see neither where it is nor how it is set", async () => {
  for (const role of ["member", "team_admin"] as const) {
    const actor = await makePerson({ role });
    const shown = await showDeployment(actor, idOf("main"));
    expect(shown).toMatchObject({ name: "main", api_base: null, settings: {} });
    expect(shown.api_key).toEqual({ set: true, last4: null });
    expect(JSON.stringify(await showDeploymentBoard(actor))).not.toMatch(/example\.com|abcd/);
  }
  expect(await showDeployment(admin, idOf("main"))).toMatchObject({
    api_base: "https://eu.example.com/v1",
    api_key: { set: true, last4: "abcd" },
  });
});

test("an edit of an older version is refused with what is there now and who made it", async () => {
  const { version } = await showDeployment(admin, idOf("second"));
  await changeDeployment(admin, idOf("second"), { weight: 101, expected_version: version });

  const late = changeDeployment(admin, idOf("second"), { weight: 7, expected_version: version });

  await expect(late).rejects.toMatchObject({
    code: "conflict",
    current: { weight: 101, version: version + 1, changed_by: "admin@example.com" },
  });
  expect((await showDeployment(admin, idOf("second"))).weight).toBe(101);
  await changeDeployment(admin, idOf("second"), { weight: 100 });
});

test("of two editors of one alias the second is shown the first one's work", async () => {
  const [board] = await showAliasBoard(admin);
  const version = board?.alias.version ?? 0;
  await changeAlias(admin, "fast", { max_attempts: 5, expected_version: version });

  await expect(
    changeAlias(admin, "fast", { max_attempts: 2, expected_version: version }),
  ).rejects.toMatchObject({ code: "conflict", current: { name: "fast", max_attempts: 5 } });
  await changeAlias(admin, "fast", { max_attempts: null, expected_version: version + 1 });
});

test("the board shows shares, aliases and how the last 24 hours went", async () => {
  const rows = [
    makeRecord({ deploymentId: idOf("main"), alias: "fast", latencyMs: 100 }),
    makeRecord({ deploymentId: idOf("main"), alias: "fast", latencyMs: 100 }),
    makeRecord({ deploymentId: idOf("main"), alias: "fast", outcome: "provider_error" }),
    makeRecord({ deploymentId: idOf("main"), alias: "fast", outcome: "client_error" }),
  ];
  await insertRecords(getSql("batch"), `[${rows.map(logRowOf).join(",")}]`);

  const board = await showDeploymentBoard(admin);

  const shares = board.map((row) => [row.deployment.name, row.share]);
  expect(shares).toEqual([
    ["backup", 0],
    ["main", 0.75],
    ["off", 0],
    ["second", 0.25],
  ]);
  const main = await requireRow(admin, idOf("main"));
  expect(main.aliases).toEqual(["fast"]);
  expect(main.traffic).toMatchObject({ requests: 4, error_rate: 0.25 });
  expect(main.price).toMatchObject({ state: "priced", source: "catalogue" });
  expect(main.last_check).toBeNull();
  const series = await showDeploymentSeries(admin, { id: idOf("main"), hours: 24 });
  expect(series.points).toMatchObject([{ requests: 4, failed: 1 }]);
  const member = await makePerson({ role: "member" });
  const foreign = await requireRow(member, idOf("main"));
  expect(foreign.traffic, "others' requests are not counted for a member").toMatchObject({
    requests: 0,
  });
  const [fast] = await showAliasBoard(admin);
  expect(fast).toMatchObject({ requests_24h: 4, error_rate_24h: 0.25 });
  expect(fast?.members.map(({ deployment, share }) => [deployment, share])).toEqual([
    ["main", 1],
    ["off", 0],
  ]);
  const [model] = await showCatalogue(admin);
  expect(model).toMatchObject({
    model: "gpt-4o",
    providers: ["openai"],
    aliases: ["fast", "safe"],
  });
  expect(model?.context_window).toBeGreaterThan(1000);
});

test("before a deployment goes, its traffic and the aliases it is the last of are told", async () => {
  expect(await showImpact(admin, idOf("main"))).toEqual({
    requests_24h: 4,
    requests_1h: 4,
    aliases: [{ name: "fast", is_last: true }],
  });
  await api.ok("POST", "/keys", {
    user_email: "owner@example.com",
    alias: "only-fast",
    allowed_models: ["fast"],
  });
  expect(await showAliasImpact(admin, "fast")).toEqual({
    requests_24h: 4,
    keys: ["only-fast"],
    aliases: ["safe"],
  });
});

test("an open breaker says until when, and closes by hand with an entry in the audit log", async () => {
  breakCircuit("main");
  const open = await requireRow(admin, idOf("main"));
  expect(open.deployment.health).toMatchObject({ state: "open" });
  expect(Date.parse(open.deployment.health.retry_at ?? "")).toBeGreaterThan(Date.now());
  expect(showHealthStrip().state).toBe("degraded");

  await resetCircuit(admin, idOf("main"));

  const closed = await requireRow(admin, idOf("main"));
  expect(closed.deployment.health).toMatchObject({ state: "closed", retry_at: null });
  const [told] = await getSql()`
    select before, after from audit_events where action = 'deployment.circuit.reset'`;
  expect(told).toMatchObject({ before: { state: "open" }, after: { state: "closed" } });
});

test("the health page tells what is up, and marks the quarter in which a circuit was open", async () => {
  const [deploymentId, instanceId] = [idOf("main"), null];
  const change = { deploymentId, instanceId, reason: "requests in a row got no answer" };
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000);
  await insertCircuitEvents(getDb(), [
    { ...change, id: newId(), at: at(60), state: "open" },
    { ...change, id: newId(), at: at(50), state: "half_open" },
    { ...change, id: newId(), at: at(31), state: "closed" },
  ]);

  const report = await showHealth(admin);

  expect(report.database).toMatchObject({ ok: true });
  expect(report.redis.state).toBe("not_configured");
  const main = report.circuits.find((circuit) => circuit.name === "main");
  expect(main?.ticks).toHaveLength(96);
  const last = main?.ticks.slice(-2) ?? [];
  expect(last.reduce((sum, tick) => sum + tick.requests, 0)).toBe(4);
  expect(last.some((tick) => tick.was_open)).toBe(false);
  expect(main?.ticks.filter((tick) => tick.was_open).length).toBeGreaterThanOrEqual(2);
  expect(main?.ticks[0]).toEqual({ requests: 0, failed: 0, was_open: false });
  expect((await showCircuitEvents(admin, deploymentId)).map(({ state }) => state)).toEqual([
    "closed",
    "half_open",
    "open",
  ]);
  expect(report.jobs.map((job) => job.name)).toContain("retention");
});

test("a dry run puts who rests last, names who is left out, and estimates the cost", async () => {
  await api.ok("POST", "/aliases", {
    name: "plan",
    members: [
      { deployment: "main", priority: 1 },
      { deployment: "backup", priority: 2 },
      { deployment: "off" },
    ],
  });
  const simulate = (body: object) => api.ok("POST", "/aliases/plan/simulate", body);
  const names = (plan: { targets: { deployment: string }[] }) =>
    plan.targets.map((target) => target.deployment);

  const calm = await simulate({ input_tokens: 1_000_000, output_tokens: 0 });
  expect(names(calm)).toEqual(["main", "backup"]);
  expect(calm.targets[0]).toMatchObject({ resting: null, estimated_cost_usd: "2.5" });
  expect(calm.skipped).toEqual([{ deployment: "off", reason: "it is switched off" }]);

  const pretended = await simulate({ pretend_open: ["main"] });
  expect(names(pretended)).toEqual(["backup", "main"]);
  expect(pretended.targets[1].resting).toContain("taken to be open");

  breakCircuit("main");
  const real = await simulate({});
  expect(names(real)).toEqual(["backup", "main"]);
  expect(real.targets[1].health).toBe("open");
});

test("a deployment whose tries fail is seen to, also where another one answered in its place", async () => {
  const before = (await requireRow(admin, idOf("main"))).failed_tries ?? 0;
  const record = makeRecord({
    deploymentId: idOf("second"),
    deploymentName: "second",
    attempts: [
      makeAttempt({ deploymentId: idOf("main"), status: 503, ended: "overloaded", costNanos: 0n }),
      makeAttempt({ deploymentId: idOf("main"), status: 400, ended: "rejected", costNanos: 0n }),
      makeAttempt({ deploymentId: idOf("second"), deploymentName: "second" }),
    ],
  });
  await insertRecords(getSql(), `[${logRowOf(record)}]`);
  expect((await requireRow(admin, idOf("main"))).failed_tries).toBe(before + 1);
  const member = await makePerson({ role: "member" });
  expect((await requireRow(member, idOf("main"))).failed_tries).toBeNull();
});
