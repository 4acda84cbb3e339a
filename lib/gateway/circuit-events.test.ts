import { afterAll, beforeAll, expect, test } from "vitest";
import { listCircuitEvents } from "#lib/db/circuit-events.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { newId } from "#lib/ids.ts";
import { getHealth } from "#lib/routing/health.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { makeDeployment } from "#lib/testing/deployments.ts";
import { purgeCircuitEvents, recordCircuits } from "./circuit-events.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const FAILURES_TO_OPEN = 5;

test("every change of a breaker is written down a moment later, and nothing of calm calls", async () => {
  const deployment = makeDeployment("shaky", { id: newId() });
  const instanceId = newId();
  const recorder = recordCircuits({ instanceId });
  const health = getHealth();

  health.reportSuccess(deployment, { latencyMs: 10 });
  for (let call = 0; call < FAILURES_TO_OPEN; call += 1) {
    health.reportFailure(deployment, { kind: "network" });
  }
  health.reset(deployment, "an administrator closed it");
  const stored = () => listCircuitEvents(getDb(), { deploymentId: deployment.id, limit: 10 });
  expect(await stored()).toEqual([]);
  await expect.poll(async () => (await stored()).length, { timeout: 5000 }).toBe(2);

  expect((await stored()).map(({ state, reason }) => [state, reason])).toEqual([
    ["closed", "an administrator closed it"],
    ["open", expect.stringContaining("got no answer")],
  ]);
  expect((await stored())[0]).toMatchObject({ instanceId });
  await recorder.stop();
  health.reportFailure(deployment, { kind: "network" });
  expect(await stored()).toHaveLength(2);
});

test("changes older than three months are deleted, and later ones stay", async () => {
  const before = await getSql()`select count(*)::int as n from circuit_events`;
  await getSql()`
    insert into circuit_events (id, deployment_id, at, state)
    values (${newId()}, ${newId()}, now() - interval '91 days', 'open')`;

  expect(await purgeCircuitEvents()).toBe("Removed 1 changes of circuits.");

  expect(await getSql()`select count(*)::int as n from circuit_events`).toEqual(before);
});
