import { afterAll, beforeAll, expect, test } from "vitest";
import type { RequestPayload } from "#lib/contract/payload.ts";
import { type MasterKeys, unseal } from "#lib/crypto.ts";
import { getDb } from "#lib/db/client.ts";
import { getPayload, insertPayloads, payloadContext } from "#lib/db/request-payloads.ts";
import { newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { type PayloadWriterOptions, startPayloadWriter } from "./payloads.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.close());

const MASTER: MasterKeys = { current: "v1", keys: new Map([["v1", Buffer.alloc(32, 7)]]) };

function payload(text: string): RequestPayload {
  return {
    request: { text, truncated: false },
    headers: {},
    answer: { text: "{}", truncated: true, assembled: true },
  };
}

function writer(options: Partial<PayloadWriterOptions> = {}) {
  return startPayloadWriter({
    masterKeys: MASTER,
    insert: (rows) => insertPayloads(getDb(), rows),
    onProblem: () => undefined,
    ...options,
  });
}

test("what is stored can be read with the master key and for its own request alone", async () => {
  const payloads = writer();
  const id = newId();
  const other = newId();
  payloads.add(id, payload("a canary of the payload"));
  await payloads.stop(5000);

  const row = await getPayload(getDb(), { requestId: id });
  expect(row).toMatchObject({ truncated: true });
  const sealed = row?.sealed ?? { version: "", wrappedKey: Buffer.alloc(0), box: Buffer.alloc(0) };
  expect(sealed.box.toString("latin1")).not.toContain("canary");
  expect(JSON.parse(unseal(MASTER, sealed, payloadContext(id)).reveal())).toEqual(
    payload("a canary of the payload"),
  );
  expect(() => unseal(MASTER, sealed, payloadContext(other))).toThrow();
});

test("a full queue drops what comes and counts it, and takes more once there is room", async () => {
  const stored: string[] = [];
  const gate = Promise.withResolvers<void>();
  const payloads = writer({
    maxQueueBytes: 6000,
    insert: async (rows) => {
      await gate.promise;
      stored.push(...rows.map(({ requestId }) => requestId));
    },
  });
  const [first, second, third] = [newId(), newId(), newId()];
  payloads.add(first, payload("x".repeat(2000)));
  payloads.add(second, payload("x".repeat(2000)));
  expect(payloads.stats()).toMatchObject({ queued: 1, dropped: 1 });

  gate.resolve();
  await payloads.flush();
  payloads.add(third, payload("y"));
  await payloads.stop(5000);

  expect(stored).toEqual([first, third]);
  expect(payloads.stats()).toEqual({ queued: 0, queuedBytes: 0, stored: 2, dropped: 1 });
});

test("a database that is away is asked again, and nothing is stored twice", async () => {
  const problems: string[] = [];
  const stored: string[] = [];
  let isAway = true;
  const payloads = writer({
    retryMs: 20,
    flushMs: 1,
    onProblem: (message) => problems.push(message),
    insert: async (rows) => {
      if (isAway) {
        isAway = false;
        throw new Error("away");
      }
      stored.push(...rows.map(({ requestId }) => requestId));
    },
  });
  const id = newId();
  payloads.add(id, payload("z"));
  await expect.poll(() => stored).toEqual([id]);
  await payloads.stop(1000);
  expect(problems).toHaveLength(1);
  expect(stored).toEqual([id]);
});

test("a process that ends does not wait for a database that hangs", async () => {
  const payloads = writer({ insert: () => new Promise(() => undefined) });
  payloads.add(newId(), payload("w"));
  await payloads.stop(20);
  expect(payloads.stats()).toMatchObject({ queued: 0, dropped: 1 });
});
