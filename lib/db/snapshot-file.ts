import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { deriveKey, type MasterKeys } from "#lib/crypto.ts";
import { parseTyped, stringifyTyped } from "#lib/typed-json.ts";

const OWNER_ONLY = 0o600;
const FORMAT = 1;

const headSchema = z.object({
  format: z.literal(FORMAT),
  keyVersion: z.string(),
  /** When the database was last known to say the same. */
  asOfMs: z.number(),
  /** The schema that the rows were read with; other code would misread them. */
  schema: z.number(),
  /** SHA-256 of the body. */
  digest: z.string(),
});

export interface SnapshotFile {
  asOfMs: number;
  schema: number;
  body: unknown;
}

/** Why a file is not used; it is as good as none. */
export class UnusableFileError extends Error {
  constructor(reason: string) {
    super(`The last good configuration on disk is not used: ${reason}.`);
    this.name = "UnusableFileError";
  }
}

/**
 * Writes the file whole or not at all, readable by its owner alone. The first line is an HMAC under a
 * key derived from the current master key, over the second line, which has the digest of the rest: who
 * may write the disk but does not know the master key can make no configuration.
 */
export async function writeSnapshotFile(
  path: string,
  masterKeys: MasterKeys,
  content: SnapshotFile,
): Promise<void> {
  const body = stringifyTyped(content.body);
  const head = JSON.stringify({
    format: FORMAT,
    keyVersion: masterKeys.current,
    asOfMs: content.asOfMs,
    schema: content.schema,
    digest: digestOf(body),
  });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    const file = await open(draft, "wx", OWNER_ONLY);
    try {
      await file.writeFile(`${macOf(masterKeys, masterKeys.current, head)}\n${head}\n${body}`);
      // A power cut must not leave an empty file under the name of a good one.
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/**
 * The file's content; `undefined` when there is none. Throws `UnusableFileError` for one that was
 * altered, torn, or made under a master key or a schema that is not ours.
 */
export async function readSnapshotFile(
  path: string,
  masterKeys: MasterKeys,
  schema: number,
): Promise<SnapshotFile | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  });
  if (text === undefined) {
    return undefined;
  }
  // A backup that was restored without its modes must not leave the rows open to everybody.
  await chmod(path, OWNER_ONLY);
  const [mac = "", headText = ""] = text.split("\n", 2);
  const body = text.slice(mac.length + headText.length + 2);
  const head = readHead(headText);
  assertMac(masterKeys, head.keyVersion, { mac, headText });
  if (digestOf(body) !== head.digest) {
    throw new UnusableFileError("its content is not the one that was signed");
  }
  if (head.schema !== schema) {
    throw new UnusableFileError("another version of Conduit has written it");
  }
  return { asOfMs: head.asOfMs, schema: head.schema, body: parseTyped(body) };
}

function readHead(text: string): z.infer<typeof headSchema> {
  try {
    return headSchema.parse(JSON.parse(text));
  } catch {
    throw new UnusableFileError("it is torn, or of another format");
  }
}

function assertMac(
  masterKeys: MasterKeys,
  keyVersion: string,
  { mac, headText }: { mac: string; headText: string },
): void {
  const expected = Buffer.from(macOf(masterKeys, keyVersion, headText));
  const given = Buffer.from(mac);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    throw new UnusableFileError("its signature is not right");
  }
}

function macOf(masterKeys: MasterKeys, keyVersion: string, head: string): string {
  const master = masterKeys.keys.get(keyVersion);
  if (master === undefined) {
    throw new UnusableFileError(
      `it is signed under the master key ${keyVersion}, which is not set`,
    );
  }
  return createHmac("sha256", deriveKey(master, "snapshot-file")).update(head).digest("base64");
}

function digestOf(body: string): string {
  return createHash("sha256").update(body).digest("base64");
}
