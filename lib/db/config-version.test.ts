import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase, testStore } from "#lib/testing/database.ts";
import { getDb, getSql } from "./client.ts";
import {
  type ConfigChange,
  type ConfigWatch,
  getConfigVersion,
  isWatchingChanges,
  readChangesSince,
  recordChange,
  takeChanges,
  watchChanges,
} from "./config-version.ts";

let database: TestDatabase;
let watch: ConfigWatch | undefined;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterEach(async () => {
  await watch?.stop();
  watch = undefined;
});
afterAll(() => database.close());

function change(subjectId = newId()) {
  return getDb().transaction((tx) => recordChange(tx, { kind: "api_key", subjectId }));
}

test("each change is a version, told with what it changed", async () => {
  const before = await getConfigVersion();
  const subjects = [newId(), newId()];
  for (const subjectId of subjects) {
    await change(subjectId);
  }
  expect(await readChangesSince(before)).toEqual(
    subjects.map((subjectId, at) => ({ version: before + 1 + at, kind: "api_key", subjectId })),
  );
  expect(await readChangesSince(before + 2)).toEqual([]);
});

test("a change that is rolled back never was", async () => {
  const before = await getConfigVersion();
  const work = getDb().transaction(async (tx) => {
    await recordChange(tx, { kind: "team", subjectId: newId() });
    throw new Error("no");
  });
  await expect(work).rejects.toThrow("no");
  expect(await getConfigVersion()).toBe(before);
});

test("changes made at the same time get versions without gaps", async () => {
  const before = await getConfigVersion();
  const versions = await Promise.all(Array.from({ length: 12 }, () => change()));
  expect(versions.toSorted((left, right) => left - right)).toEqual(
    Array.from({ length: 12 }, (_, at) => before + 1 + at),
  );
});

test("who was away for longer than changes are kept is told that everything changed", async () => {
  const before = await getConfigVersion();
  await change();
  await change();
  await getSql()`delete from config_changes where version = ${BigInt(before + 1)}`;
  expect(await readChangesSince(before)).toEqual([
    { version: before + 2, kind: "everything", subjectId: "" },
  ]);
});

test("this process takes its own change over before it goes on", async () => {
  const seen: ConfigChange[] = [];
  watch = await watchChanges({
    onChange: async (changes) => {
      seen.push(...changes);
    },
  });
  const subjectId = newId();
  await change(subjectId);
  await takeChanges();
  expect(seen.map((item) => item.subjectId)).toEqual([subjectId]);
  await takeChanges();
  expect(seen).toHaveLength(1);
});

test("changes that could not be taken over are offered again", async () => {
  const onChange = vi.fn().mockRejectedValueOnce(new Error("busy")).mockResolvedValue(undefined);
  watch = await watchChanges({ onChange });
  await change();
  await takeChanges().catch(() => undefined);
  await takeChanges();
  expect(onChange.mock.calls[1]).toEqual(onChange.mock.calls[0]);
});

test.each([
  [true, "runs by itself", {}],
  [false, "is only asked", { onlyWhenAsked: true }],
])("this process is told of changes: %s for a watcher that %s", async (told, _, options) => {
  watch = await watchChanges({ onChange: async () => undefined, ...options });
  expect(isWatchingChanges()).toBe(told);
  await watch.stop();
  expect(isWatchingChanges()).toBe(false);
});

test.runIf(testStore() === "postgres")("a change of another process is heard", async () => {
  // Without the poll it can only be heard.
  vi.useFakeTimers({ toFake: ["setInterval"] });
  const heard = Promise.withResolvers<string[]>();
  watch = await watchChanges({
    onChange: async (changes) => heard.resolve(changes.map((item) => item.subjectId)),
  });
  const subjectId = newId();
  await change(subjectId);
  expect(await heard.promise).toEqual([subjectId]);
  vi.useRealTimers();
});

test.runIf(testStore() === "postgres" && !process.env["DATABASE_URL"])(
  "after the server came back, changes are heard again",
  async () => {
    vi.useFakeTimers({ toFake: ["setInterval"] });
    const heard: string[] = [];
    const all = Promise.withResolvers<void>();
    const subjectId = newId();
    watch = await watchChanges({
      onChange: async (changes) => {
        heard.push(...changes.map((item) => item.subjectId));
        if (heard.includes(subjectId)) {
          all.resolve();
        }
      },
    });
    await database.server?.crash();
    await database.server?.restart();
    // The pool's connections are dead too, and the first query of each says so.
    await vi.waitFor(() => getSql()`select 1`, { timeout: 20_000 });
    await change(subjectId);
    await all.promise;
    expect(heard).toEqual([subjectId]);
    vi.useRealTimers();
  },
);
