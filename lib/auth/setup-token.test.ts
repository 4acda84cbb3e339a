import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getDb } from "#lib/db/client.ts";
import { saveSetting } from "#lib/db/settings.ts";
import { getEnv } from "#lib/env.ts";
import { type ConsoleWorld, openConsoleWorld } from "#lib/testing/console-world.ts";
import { loadSecrets } from "./bootstrap.ts";
import { assertSetupToken, isSetupComplete, SETUP_COMPLETED, setupToken } from "./setup-token.ts";

const IP = "192.0.2.7";

let world: ConsoleWorld;

beforeAll(async () => {
  world = await openConsoleWorld();
});
afterAll(async () => {
  await world.close();
});

test("restarts and replicas print the same token, another secret another one", async () => {
  const first = await setupToken();
  expect(first).toMatch(/^[\w-]{43}$/);
  expect(await Promise.all([setupToken(), setupToken()])).toEqual([first, first]);
  const env = { ...getEnv(), dataDir: world.database.dataDir };
  await loadSecrets({ ...env, authSecret: randomBytes(32).toString("base64") });
  expect(await setupToken()).not.toBe(first);
  await loadSecrets(env);
  expect(await setupToken()).toBe(first);
});

test("only the token itself opens the setup", async () => {
  const token = (await setupToken()) ?? "";
  await assertSetupToken(` ${token}\n`, IP);
  await expect(assertSetupToken(`${token}x`, IP)).rejects.toMatchObject({ param: "setup_token" });
  await expect(assertSetupToken("", IP)).rejects.toMatchObject({ code: "invalid_value" });
});

test("whoever guesses has to wait, and others do not", async () => {
  const token = (await setupToken()) ?? "";
  const guesser = "198.51.100.9";
  for (let guess = 0; guess < 5; guess += 1) {
    await expect(assertSetupToken(`guess ${guess}`, guesser)).rejects.toMatchObject({
      message: expect.stringContaining("not the setup token"),
    });
  }
  await expect(assertSetupToken(token, guesser)).rejects.toMatchObject({
    param: "setup_token",
    message: expect.stringContaining("Too many"),
  });
  await assertSetupToken(token, IP);
});

test("a finished setup knows no token", async () => {
  const token = (await setupToken()) ?? "";
  expect(await isSetupComplete()).toBe(false);
  await saveSetting(getDb(), { key: SETUP_COMPLETED, value: new Date().toISOString() });
  expect(await isSetupComplete()).toBe(true);
  expect(await setupToken()).toBeUndefined();
  await expect(assertSetupToken(token, IP)).rejects.toMatchObject({ status: 404 });
});
