import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isWellFormedToken } from "#lib/crypto.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { makeTestDirectory } from "#lib/testing/database.ts";
import { getSecrets, loadSecrets } from "./bootstrap.ts";

const STRONG = "f3b1c8d27a604e9b85d0c7a1e2f49b36";
const masterKey = () => `v1:${randomBytes(32).toString("base64")}`;
const EMBEDDED = {
  databaseUrl: undefined,
  mode: "production" as const,
  masterKeys: undefined,
  adminKey: undefined,
  authSecret: undefined,
};
const SERVER = {
  ...EMBEDDED,
  databaseUrl: "postgres://db.example.com/conduit",
  masterKeys: masterKey(),
  adminKey: STRONG,
  authSecret: STRONG,
};

let dataDir: string;
beforeEach(() => {
  dataDir = makeTestDirectory();
  dropSingleton("secrets");
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const filePath = () => join(dataDir, "secrets.json");

test("before they are loaded there are none", () => {
  expect(() => getSecrets()).toThrow(expect.objectContaining({ code: "not_ready" }));
});

test("the first embedded start makes all secrets, the next one finds them", async () => {
  const first = await loadSecrets({ ...EMBEDDED, dataDir });
  expect(first.generated.toSorted()).toEqual([
    "AUTH_SECRET",
    "CONDUIT_ADMIN_KEY",
    "CONDUIT_MASTER_KEYS",
  ]);
  expect(isWellFormedToken(first.adminKey.reveal(), "ad")).toBe(true);
  expect(statSync(filePath()).mode & 0o777).toBe(0o600);
  const second = await loadSecrets({ ...EMBEDDED, dataDir });
  expect(second.generated).toEqual([]);
  expect(second.adminKey.reveal()).toBe(first.adminKey.reveal());
  expect(second.pepper).toEqual(first.pepper);
  expect(getSecrets()).toBe(second);
});

test("a setting goes before the file, and only what is missing is made", async () => {
  const found = await loadSecrets({ ...EMBEDDED, dataDir, adminKey: STRONG });
  expect(found.adminKey.reveal()).toBe(STRONG);
  expect(found.generated).not.toContain("CONDUIT_ADMIN_KEY");
  expect(readFileSync(filePath(), "utf8")).not.toContain(STRONG);
});

test("a file that others can read is closed to them", async () => {
  await loadSecrets({ ...EMBEDDED, dataDir });
  chmodSync(filePath(), 0o644);
  await loadSecrets({ ...EMBEDDED, dataDir });
  expect(statSync(filePath()).mode & 0o777).toBe(0o600);
});

test("a broken file stops the start instead of being replaced", async () => {
  writeFileSync(filePath(), "{");
  await expect(loadSecrets({ ...EMBEDDED, dataDir })).rejects.toMatchObject({ exitCode: 78 });
  expect(readFileSync(filePath(), "utf8")).toBe("{");
});

test.each(["masterKeys", "adminKey", "authSecret"] as const)(
  "with a server %s has to be set, and nothing is written",
  async (name) => {
    const attempt = loadSecrets({ ...SERVER, dataDir, [name]: undefined });
    await expect(attempt).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(/CONDUIT_MASTER_KEYS|CONDUIT_ADMIN_KEY|AUTH_SECRET/),
    });
    expect(existsSync(filePath())).toBe(false);
  },
);

test("with a server and all of them set, none is made", async () => {
  const found = await loadSecrets({ ...SERVER, dataDir });
  expect(found.generated).toEqual([]);
  expect(found.pepperVersion).toBe("v1");
});

test.each([
  ["short", "a8f5f167f44f4964e6c998dee827110"],
  ["repetitive", "abababababababababababababababab"],
  ["an example", "please-change-me-0123456789-abcdef"],
  ["an example", "your_secret_key_0a1b2c3d4e5f6a7b8c"],
  ["the quick start's", "cnd_admin_dev_key_do_not_use_in_prod"],
])("outside development a secret that is %s is refused", async (_, value) => {
  for (const name of ["adminKey", "authSecret"] as const) {
    const attempt = loadSecrets({ ...SERVER, dataDir, [name]: value });
    await expect(attempt).rejects.toMatchObject({ exitCode: 78 });
    // The message may end up in a log that others read.
    await expect(attempt).rejects.not.toThrow(value);
  }
});

test("the quick start's key is the admin key in development alone, and only when none is set", async () => {
  const development = { ...EMBEDDED, dataDir, mode: "development" as const };
  const found = await loadSecrets(development);
  expect(found.adminKey.reveal()).toBe("cnd_admin_dev_key_do_not_use_in_prod");
  const own = await loadSecrets({ ...development, adminKey: "short" });
  expect(own.adminKey.reveal()).toBe("short");
  const production = await loadSecrets({ ...EMBEDDED, dataDir });
  expect(production.adminKey.reveal()).not.toContain("dev_key");
});

test.each([
  "",
  "v1",
  "v1:",
  "v1:c2hvcnQ=",
  `v1:${Buffer.alloc(32).toString("base64")}`,
  `${randomBytes(32).toString("base64")}`,
  `v1:${randomBytes(31).toString("base64")}`,
  `v1:${randomBytes(32).toString("base64")},v1:${randomBytes(32).toString("base64")}`,
])("%j are no master keys", async (masterKeys) => {
  const attempt = loadSecrets({ ...SERVER, dataDir, masterKeys });
  await expect(attempt).rejects.toMatchObject({
    exitCode: 78,
    message: expect.stringContaining("CONDUIT_MASTER_KEYS"),
  });
});

test("the first of several master keys seals, and each has its own pepper", async () => {
  const [older, newer] = [randomBytes(32), randomBytes(32)];
  const masterKeys = `v2:${newer.toString("base64")}, v1:${older.toString("base64")}`;
  const found = await loadSecrets({ ...SERVER, dataDir, masterKeys });
  expect(found.masterKeys.current).toBe("v2");
  expect(found.masterKeys.keys.get("v1")).toEqual(older);
  expect(found.peppers.get("v2")).toEqual(found.pepper);
  expect(found.peppers.get("v1")).not.toEqual(found.pepper);
});
