import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { hasPostgres } from "#lib/testing/postgres.ts";
import { getSql } from "./client.ts";
import { claimInstance, runExclusively } from "./locks.ts";
import { ensurePartitions } from "./partitions.ts";

describe.runIf(hasPostgres())("locks between processes", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase("postgres");
  });

  afterAll(async () => {
    await database?.close();
  });

  it("work that one process at a time may do is left to the one that does it", async () => {
    const gate = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<void>();
    const first = runExclusively("test", () => {
      begun.resolve();
      return gate.promise;
    });
    await begun.promise;
    expect(await runExclusively("test", async () => "twice")).toBeUndefined();
    expect(await runExclusively("another", async () => "beside it")).toBe("beside it");
    gate.resolve("done");
    expect(await first).toBe("done");
    expect(await runExclusively("test", async () => "afterwards")).toBe("afterwards");
  });

  it("work that fails gives its place back", async () => {
    await expect(runExclusively("test", () => Promise.reject(new Error("no")))).rejects.toThrow(
      "no",
    );
    expect(await runExclusively("test", async () => "afterwards")).toBe("afterwards");
  });

  it("a process that has claimed the database can still make partitions", async () => {
    const claim = await claimInstance({
      redisUrl: undefined,
      upstash: undefined,
      serverless: false,
    });
    try {
      const nowMs = Date.UTC(2031, 0, 1);
      expect(await ensurePartitions(getSql(), { daysAhead: 0, nowMs })).toHaveLength(4);
    } finally {
      await claim.release();
    }
  });
});
