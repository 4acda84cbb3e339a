import { join } from "node:path";
import {
  type KeptKey,
  keepInReserve,
  listKeysToKeep,
  readIntoReserve,
} from "#lib/auth/key-reserve.ts";
import { sharedNow } from "#lib/clock.ts";
import type { Settings } from "#lib/contract/settings.ts";
import type { MasterKeys } from "#lib/crypto.ts";
import { databaseKind } from "#lib/db/client.ts";
import { changesKnownUntilMs } from "#lib/db/config-version.ts";
import { schemaVersion } from "#lib/db/migrate.ts";
import { isDatabaseUp } from "#lib/db/reach.ts";
import { currentSettings, restoreSettings } from "#lib/db/settings.ts";
import { configProblem, currentRows, onSnapshot, restoreSnapshot } from "#lib/db/snapshot.ts";
import { readSnapshotFile, UnusableFileError, writeSnapshotFile } from "#lib/db/snapshot-file.ts";
import type { SnapshotRows } from "#lib/db/snapshot-rows.ts";
import type { Env } from "#lib/env.ts";
import { getLog } from "#lib/log.ts";

const FILE_NAME = "last-good.json";
/** What is written is made of text that long in one go; more keys would stall the event loop. */
const MOST_KEYS = 2_000;
const TICK_MS = 5_000;
/** Nothing has changed, but the file says until when that is known. */
const CONFIRM_MS = 60_000;
/** So many keys change all the time; writing them down can wait. */
const MANY_KEYS = 200;

/** The configuration as it was last read, on the disk, for a start while the database is away. */
export interface LastGood {
  /** Takes the file into use; false when there is none that can be used. */
  restore(): Promise<boolean>;
  /** Reads the keys of the file anew and keeps the file up to date from now on. Never throws. */
  begin(): Promise<void>;
  /** Writes what is not written yet. */
  stop(): Promise<void>;
}

interface Body {
  rows: SnapshotRows;
  settings: Settings;
  keys: KeptKey[];
}

/**
 * Provider keys are in the file as they are in the rows, sealed; virtual keys as digests. The embedded
 * database is on the same disk, and a serverless host has none: nothing is kept there.
 */
export function openLastGood(env: Env, masterKeys: MasterKeys): LastGood {
  if (env.serverless || databaseKind() === "embedded") {
    return {
      restore: () => Promise.resolve(false),
      begin: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    };
  }
  return new LastGoodFile(join(env.dataDir, FILE_NAME), masterKeys);
}

class LastGoodFile implements LastGood {
  readonly #path: string;
  readonly #masterKeys: MasterKeys;
  #timer: NodeJS.Timeout | undefined;
  #forget: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** What the file holds, as far as it is ours. */
  #written: { rows: SnapshotRows; settings: Settings; keys: string; atMs: number } | undefined;

  constructor(path: string, masterKeys: MasterKeys) {
    this.#path = path;
    this.#masterKeys = masterKeys;
  }

  async restore(): Promise<boolean> {
    const found = await this.#read();
    if (found === undefined) {
      return false;
    }
    const { body, asOfMs } = found;
    restoreSnapshot(body.rows);
    restoreSettings(body.settings);
    keepInReserve(body.keys.map((key) => ({ ...key, fetchedMs: asOfMs })));
    getLog().warn(
      { asOf: new Date(asOfMs).toISOString(), keys: body.keys.length },
      "The database is away: the last good configuration on disk is served.",
    );
    return true;
  }

  async begin(): Promise<void> {
    try {
      const digests = (await this.#read())?.body.keys.map((key) => key.digest) ?? [];
      await readIntoReserve(digests);
    } catch (error) {
      getLog().warn({ err: error }, "The keys of the last run could not be read.");
    }
    this.#timer = setInterval(() => this.#write(), TICK_MS).unref();
    this.#forget = onSnapshot(() => setImmediate(() => this.#write()));
    this.#write();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#forget?.();
    this.#write({ now: true });
    await this.#writing;
  }

  async #read(): Promise<{ body: Body; asOfMs: number } | undefined> {
    try {
      const file = await readSnapshotFile(this.#path, this.#masterKeys, schemaVersion());
      // Signed by this install, under this schema: it is what `#write` made.
      return file && { body: file.body as Body, asOfMs: file.asOfMs };
    } catch (error) {
      const reason = error instanceof UnusableFileError ? error.message : "It cannot be read.";
      getLog().error({ err: error, path: this.#path }, reason);
      return undefined;
    }
  }

  #write({ now = false } = {}): void {
    this.#writing = this.#writing
      .then(() => this.#writeIfDue(now))
      .catch((error: unknown) => {
        getLog().warn(
          { err: error, path: this.#path },
          "The configuration could not be kept on disk.",
        );
      });
  }

  async #writeIfDue(now: boolean): Promise<void> {
    const rows = currentRows();
    if (rows === undefined || !isDatabaseUp() || configProblem() !== undefined) {
      return;
    }
    const keys = listKeysToKeep(MOST_KEYS);
    const settings = currentSettings();
    const names = keys
      .map(({ secretId, caller }) => `${secretId} ${caller.keyId}`)
      .sort()
      .join();
    const last = this.#written;
    const ageMs = last === undefined ? Number.POSITIVE_INFINITY : Date.now() - last.atMs;
    const isChanged = last?.rows !== rows || last.settings !== settings;
    const hasNewKeys = last?.keys !== names && (now || keys.length < MANY_KEYS);
    if (!isChanged && !hasNewKeys && ageMs < CONFIRM_MS) {
      return;
    }
    const body: Body = { rows, settings, keys };
    const asOfMs = changesKnownUntilMs() ?? sharedNow();
    await writeSnapshotFile(this.#path, this.#masterKeys, {
      asOfMs,
      schema: schemaVersion(),
      body,
    });
    this.#written = { rows, settings, keys: names, atMs: Date.now() };
  }
}
