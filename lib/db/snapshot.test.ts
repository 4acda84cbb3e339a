import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aliasMembers } from "#drizzle/schema/alias-members.ts";
import { aliases } from "#drizzle/schema/aliases.ts";
import { deployments } from "#drizzle/schema/deployments.ts";
import { providerCredentials } from "#drizzle/schema/provider-credentials.ts";
import type { Snapshot } from "#lib/contract/snapshot.ts";
import { type MasterKeys, seal } from "#lib/crypto.ts";
import { newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { closeDatabase, getDb, openDatabase } from "./client.ts";
import { recordChange } from "./config-version.ts";
import { credentialContext } from "./credential-context.ts";
import { configureSnapshots, currentSnapshot, onSnapshot, refreshSnapshot } from "./snapshot.ts";

const masterKeys: MasterKeys = { current: "v1", keys: new Map([["v1", Buffer.alloc(32, 7)]]) };

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

interface Made {
  id: string;
  name: string;
  credentialId: string;
}

/** A deployment with a sealed key, made as the admin API makes one. */
async function makeDeployment(
  secret: string,
  more: Partial<typeof deployments.$inferInsert> = {},
): Promise<Made> {
  const [id, credentialId] = [newId(), newId()];
  const provider = more.provider ?? "openai";
  const apiBase = more.apiBase ?? null;
  const sealed = seal(masterKeys, secret, credentialContext({ credentialId, provider, apiBase }));
  await getDb()
    .insert(providerCredentials)
    .values({
      id: credentialId,
      provider,
      keyVersion: sealed.version,
      wrappedKey: sealed.wrappedKey,
      box: sealed.box,
      last4: secret.slice(-4),
    });
  const name = `deployment-${id}`;
  await getDb()
    .insert(deployments)
    .values({ id, name, provider, modelName: "gpt-x", credentialId, ...more });
  return { id, name, credentialId };
}

async function deploymentOf(made: Made) {
  return (await refreshSnapshot()).deployments.get(made.id);
}

test("before the first one was read there is none", () => {
  expect(() => currentSnapshot()).toThrow(expect.objectContaining({ code: "not_ready" }));
  configureSnapshots({ masterKeys, compilePrice: () => ({ state: "free" }) });
});

test("deployments are found by id, by name and by the model they serve, in the order of priority", async () => {
  const second = await makeDeployment("sk-second", { modelName: "shared", priority: 2 });
  const first = await makeDeployment("sk-first", { modelName: "shared", priority: 1 });
  const snapshot = await refreshSnapshot();
  expect(snapshot).toBe(currentSnapshot());
  expect(snapshot.byModelName.get("shared")?.map(({ id }) => id)).toEqual([first.id, second.id]);
  expect(snapshot.byName.get(first.name)).toBe(snapshot.deployments.get(first.id));
  expect(snapshot.deployments.get(first.id)).toMatchObject({
    apiBase: "https://api.openai.com/v1",
    isActive: true,
    price: { state: "free" },
    tags: [],
    settings: {},
  });
});

test("a key opens, and prints as nothing", async () => {
  const found = await deploymentOf(await makeDeployment("sk-canary-1234"));
  expect(found?.apiKey?.reveal()).toBe("sk-canary-1234");
  expect(JSON.stringify(found?.apiKey)).not.toContain("canary");
});

test.each([
  ["another host", false, "https://evil.example.com/v1"],
  ["another scheme", false, "http://api.openai.com/v1"],
  ["another port", false, "https://api.openai.com:8443/v1"],
  ["no base URL at all", false, "file:///etc/passwd"],
  ["another path of the same origin", true, "https://api.openai.com/v2"],
])("a deployment that is pointed to %s by hand: active %s", async (_, active, apiBase) => {
  const made = await makeDeployment("sk-canary-5678");
  await getDb().update(deployments).set({ apiBase }).where(eq(deployments.id, made.id));
  const found = await deploymentOf(made);
  expect(found?.isActive).toBe(active);
  expect(found?.apiKey?.reveal()).toBe(active ? "sk-canary-5678" : undefined);
});

test("keys swapped between two rows open for neither", async () => {
  const [one, two] = [await makeDeployment("sk-one"), await makeDeployment("sk-two")];
  const db = getDb();
  const [row] = await db
    .select()
    .from(providerCredentials)
    .where(eq(providerCredentials.id, one.credentialId));
  await db
    .update(providerCredentials)
    .set({ wrappedKey: row?.wrappedKey, box: row?.box })
    .where(eq(providerCredentials.id, two.credentialId));
  expect(await deploymentOf(two)).toMatchObject({ isActive: false, apiKey: null });
  expect(await deploymentOf(one)).toMatchObject({ isActive: true });
});

test("a row of an unknown provider is inactive and hurts no other", async () => {
  const good = await makeDeployment("sk-good");
  await getDb()
    .insert(deployments)
    .values({ id: newId(), name: "stranger", provider: "nobody", modelName: "x" });
  const snapshot = await refreshSnapshot();
  expect(snapshot.byName.get("stranger")?.isActive).toBe(false);
  expect(snapshot.deployments.get(good.id)?.isActive).toBe(true);
});

test("aliases carry their members in the order of priority", async () => {
  const [one, two] = [await makeDeployment("sk-one"), await makeDeployment("sk-two")];
  const aliasId = newId();
  await getDb()
    .insert(aliases)
    .values({ id: aliasId, name: "fast", fallbacks: ["gpt-x"] });
  await getDb()
    .insert(aliasMembers)
    .values([
      { aliasId, deploymentId: one.id, priority: 2 },
      { aliasId, deploymentId: two.id, priority: 1, weight: 5 },
    ]);
  expect((await refreshSnapshot()).aliases.get("fast")).toEqual({
    name: "fast",
    strategy: "priority",
    maxAttempts: null,
    timeoutMs: null,
    fallbacks: ["gpt-x"],
    members: [
      { deploymentId: two.id, priority: 1, weight: 5 },
      { deploymentId: one.id, priority: 2, weight: 100 },
    ],
  });
});

test("a refresh sees what was committed before it was asked for, and listeners see each snapshot", async () => {
  const heard: Snapshot[] = [];
  const stop = onSnapshot((snapshot) => heard.push(snapshot));
  const early = refreshSnapshot();
  const made = await makeDeployment("sk-late");
  const late = await refreshSnapshot();
  expect(late.deployments.has(made.id)).toBe(true);
  expect(heard).toEqual([await early, late]);
  stop();
});

test("a refresh asked for between two readings shares the next one, so that none overtakes another", async () => {
  const heard: Snapshot[] = [];
  const stop = onSnapshot((snapshot) => heard.push(snapshot));
  const first = refreshSnapshot();
  const second = refreshSnapshot();
  // Here the first reading has ended and the second one is about to begin.
  const early = await first;
  const third = refreshSnapshot();
  const late = await second;
  expect(await third).toBe(late);
  expect(heard).toEqual([early, late]);
  stop();
});

test("the version is that of the last change", async () => {
  const version = await getDb().transaction((tx) =>
    recordChange(tx, { kind: "deployment", subjectId: newId() }),
  );
  expect((await refreshSnapshot()).version).toBe(version);
});

test("a refresh that fails leaves the last snapshot in use", async () => {
  const before = await refreshSnapshot();
  await closeDatabase();
  try {
    await expect(refreshSnapshot()).rejects.toThrow();
    expect(currentSnapshot()).toBe(before);
  } finally {
    await openDatabase(database);
  }
  expect((await refreshSnapshot()).deployments.size).toBe(before.deployments.size);
});
