import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startFaultProxy } from "#lib/testing/fault-proxy.ts";
import { hasPostgres, startPostgres, type TestPostgres } from "#lib/testing/postgres.ts";
import { isLostTypeQuery } from "./lost-type-query.ts";

let server: TestPostgres | undefined;

beforeAll(async () => {
  server = hasPostgres() ? await startPostgres() : undefined;
});

afterAll(() => server?.stop());

it.skipIf(!hasPostgres())(
  "a connection that is lost while the driver asks for types leaves a rejection of its own, which is known",
  async () => {
    const url = new URL(server?.url ?? "");
    const proxy = await startFaultProxy({ port: Number(url.port) });
    url.port = String(proxy.port);
    const rejections: unknown[] = [];
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (error) => rejections.push(error));
    try {
      const typesAsked = Promise.withResolvers<void>();
      proxy.set({
        cutAfter: (chunk) => {
          if (chunk.includes("pg_catalog.pg_type")) {
            proxy.set({ blackHole: true });
            typesAsked.resolve();
          }
          return false;
        },
      });
      const sql = postgres(url.href, { max: 1, onnotice: () => undefined });
      const asked = sql`select 1`.catch((error: unknown) => error);
      await typesAsked.promise;
      await sql.end({ timeout: 0 });
      await expect.poll(() => rejections.length, { timeout: 10_000 }).toBeGreaterThan(0);
      await asked;
      expect(rejections.every(isLostTypeQuery)).toBe(true);
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const listener of others) {
        process.on("unhandledRejection", listener);
      }
      await proxy.close();
    }
  },
);

it("any other rejection is none of these", () => {
  const error = Object.assign(new Error("write CONNECTION_DESTROYED"), {
    code: "CONNECTION_DESTROYED",
    query: "select 1",
  });
  expect(isLostTypeQuery(error)).toBe(false);
  expect(isLostTypeQuery(new Error("anything"))).toBe(false);
  expect(isLostTypeQuery(undefined)).toBe(false);
});
