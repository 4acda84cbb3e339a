import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { newToken } from "#lib/crypto.ts";
import { SettingsError } from "#lib/env.ts";

const schema = z.object({
  CONDUIT_MASTER_KEYS: z.string().optional(),
  CONDUIT_ADMIN_KEY: z.string().optional(),
  AUTH_SECRET: z.string().optional(),
});

/** Secrets under the names of their settings. */
export type SecretFile = z.infer<typeof schema>;

const FILE_NAME = "secrets.json";
const OWNER_ONLY = 0o600;

/** The secrets that an earlier start made; empty at the first one. Throws `SettingsError` for a broken file. */
export function readSecretFile(dataDir: string): SecretFile {
  const path = join(dataDir, FILE_NAME);
  if (!existsSync(path)) {
    return {};
  }
  // A backup that was restored without its modes must not leave the keys open to everybody.
  chmodSync(path, OWNER_ONLY);
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    // New secrets in its place would make every stored key unreadable for good.
    throw new SettingsError(
      `${path} cannot be read (${error instanceof Error ? error.name : "unknown error"}). Restore it from a backup.`,
    );
  }
}

/** Writes the file whole or not at all, and to the disk before it is relied on. */
export function writeSecretFile(dataDir: string, secrets: SecretFile): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, FILE_NAME);
  const draft = `${path}.${randomBytes(4).toString("hex")}`;
  const file = openSync(draft, "wx", OWNER_ONLY);
  try {
    writeSync(file, `${JSON.stringify(secrets, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

/** A new secret for a setting. */
export function makeSecret(name: keyof SecretFile): string {
  switch (name) {
    case "CONDUIT_MASTER_KEYS":
      return `v1:${randomBytes(32).toString("base64")}`;
    case "CONDUIT_ADMIN_KEY":
      // An admin token's shape, so that log scrubbing and secret scanners know it.
      return newToken("ad");
    case "AUTH_SECRET":
      return randomBytes(32).toString("base64");
    default:
      return name satisfies never;
  }
}
