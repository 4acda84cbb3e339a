import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JOB_NAMES } from "#lib/catalog/jobs.ts";
import type { Actor } from "#lib/console/actor.ts";
import { requestJob, showInstances, showJobs } from "#lib/console/jobs.ts";
import { changeSettings } from "#lib/console/settings.ts";
import type { JobInfo } from "#lib/contract/job.ts";
import { getSql } from "#lib/db/client.ts";
import { ensurePartitions } from "#lib/db/partitions.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { startHeartbeat } from "#lib/gateway/instances.ts";
import { runJobs } from "#lib/gateway/jobs.ts";
import { requireRuntime } from "#lib/gateway/runtime.ts";
import { newId } from "#lib/ids.ts";
import { type InProcessGateway, openGateway } from "./in-process-gateway.ts";
import { makeRecord } from "./records.ts";

const DAY_MS = 86_400_000;
const ADMIN: Actor = { principal: { kind: "admin_key" }, ip: null, requestId: newId() };

let gateway: InProcessGateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway?.close());

async function job(name: string): Promise<JobInfo> {
  const { jobs } = await showJobs(ADMIN);
  const found = jobs.find((each) => each.name === name);
  if (found === undefined) {
    throw new Error(`There is no job ${name}.`);
  }
  return found;
}

describe("background jobs", () => {
  it("every job has run after the cron door was asked, and says what it did", async () => {
    await runJobs();
    const { jobs } = await showJobs(ADMIN);
    expect(jobs.map(({ name }) => name)).toEqual([...JOB_NAMES]);
    for (const each of jobs) {
      expect(each, each.name).toMatchObject({ state: "ok", late: false });
      expect(each.result).not.toBe("");
    }
  });

  it("a job that fails leaves its reason, and its next run its result", async () => {
    await getSql()`alter table circuit_events rename to circuit_events_away`;
    await runJobs();
    expect(await job("circuit_events")).toMatchObject({
      state: "failed",
      result: expect.stringContaining('"circuit_events" does not exist'),
    });
    await getSql()`alter table circuit_events_away rename to circuit_events`;
    await runJobs();
    expect(await job("circuit_events")).toMatchObject({ state: "ok" });
  });

  it("an administrator has a job run now, and the audit log says who", async () => {
    const before = (await job("retention")).started_at ?? "";
    await requestJob(ADMIN, "retention");
    await expect.poll(async () => (await job("retention")).started_at).not.toBe(before);
    const [event] = await getSql()`
      select action, target_id from audit_events order by sequence desc limit 1`;
    expect(event).toEqual({ action: "job.run", target_id: "retention" });
  });
});

describe("retention", () => {
  async function countsOf(table: string): Promise<string[]> {
    const rows = await getSql()<{ day: string }[]>`
      select distinct to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day
      from ${getSql()(table)} order by 1`;
    return rows.map(({ day }) => day);
  }

  const dayOf = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);

  it("removes logs and content by their own days, and nothing younger", async () => {
    for (const ago of [1, 5, 20]) {
      const nowMs = Date.now() - ago * DAY_MS;
      // The oldest day stays in DEFAULT, as after an outage.
      if (ago !== 20) {
        await ensurePartitions(getSql("batch"), { daysAhead: 0, nowMs });
      }
      const id = newId(nowMs);
      await insertRecords(getSql("batch"), `[${logRowOf(makeRecord({ id }))}]`);
      await getSql()`
        insert into request_payloads (request_id, created_at, key_version, wrapped_key, box, size_bytes)
        values (${id}, ${new Date(nowMs)}, 'v1', '\\x00', '\\x00', 1)`;
    }
    await changeSettings(ADMIN, "retention", { log_days: 10, payload_days: 3 });

    await runJobs();

    expect(await countsOf("request_logs")).toEqual([dayOf(5), dayOf(1)]);
    expect(await countsOf("request_payloads")).toEqual([dayOf(1)]);
    expect((await job("retention")).result).toBe("Removed 1 day of stored content, 3 single rows.");
  });
});

describe("the heartbeat", () => {
  it("shows this process with its version and load, and forgets one that fell silent", async () => {
    await getSql()`
      insert into instances (id, host, version, started_at, seen_at, memory_mib, loop_lag_ms, in_flight, queued)
      values (${newId()}, 'gone', '0', now() - interval '1 day', now() - interval '1 hour', 1, 1, 0, 0)`;
    const heartbeat = await startHeartbeat(requireRuntime());

    const { instances } = await showInstances(ADMIN);
    const own = instances.find(({ id }) => id === heartbeat.id);
    expect(own).toMatchObject({ silent: false, in_flight: 0, open_circuits: 0 });
    expect(own?.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(own?.memory_mib).toBeGreaterThan(10);
    const [left] = await getSql()`select count(*)::int as n from instances where host = 'gone'`;
    expect(left?.["n"]).toBe(0);

    await heartbeat.stop();
    const after = await showInstances(ADMIN);
    expect(after.instances.map(({ id }) => id)).not.toContain(heartbeat.id);
  });
});
