import { type MasterKeys, seal } from "#lib/crypto.ts";
import {
  type CacheEntryRow,
  type CacheEntryText,
  cacheEntryContext,
  deleteExactEntries,
  saveCacheEntries,
} from "#lib/db/cache-entries.ts";
import { getDb } from "#lib/db/client.ts";
import { getEnv } from "#lib/env.ts";
import { newId } from "#lib/ids.ts";
import { getLog } from "#lib/log.ts";
import { entryRowOf, type KeptEntry } from "./entry-row.ts";
import { textOf } from "./question.ts";

const FLUSH_MS = 500;
const BATCH = 200;
/** Above this, entries stay unlisted: they are found by their digest and end with their time. */
const MAX_WAITING = 10_000;
const TEXT_CHARS = 300;

/**
 * Notes in the table what the exact cache holds, in batches and never in a request's way, so that
 * the console can list, count and clear it. An entry that could not be noted is held all the same.
 */
export class EntryWriter {
  readonly #masterKeys: MasterKeys;
  /** By the digest's text; the later answer under one digest takes the place of the earlier. */
  readonly #kept = new Map<string, KeptEntry>();
  readonly #gone = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(masterKeys: MasterKeys) {
    this.#masterKeys = masterKeys;
  }

  /** Takes an entry; only hosts that freeze a process between requests wait until it is noted. */
  async add(entry: KeptEntry): Promise<void> {
    const name = entry.question.digest.toString("base64url");
    if (this.#kept.size < MAX_WAITING) {
      this.#gone.delete(name);
      this.#kept.set(name, entry);
      this.#plan();
    }
    if (getEnv().serverless) {
      await this.flush();
    }
  }

  /** Takes note that an answer is no longer held; `name` is its digest in base64url. */
  remove(name: string): void {
    if (!this.#kept.delete(name) && this.#gone.size < MAX_WAITING) {
      this.#gone.add(name);
      this.#plan();
    }
  }

  /** Whether an answer's row is still to be written. */
  isWaiting(name: string): boolean {
    return this.#kept.has(name);
  }

  /** Writes what waits, and gives up on it when the database refuses. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#running;
    this.#running ??= this.#write().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async stop(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
  }

  #plan(): void {
    this.#timer ??= setTimeout(() => {
      void this.flush();
    }, FLUSH_MS).unref();
  }

  async #write(): Promise<void> {
    const gone = [...this.#gone].map((name) => Buffer.from(name, "base64url"));
    const kept = [...this.#kept.values()];
    this.#gone.clear();
    this.#kept.clear();
    try {
      for (let at = 0; at < gone.length; at += BATCH) {
        await deleteExactEntries(getDb("batch"), { digests: gone.slice(at, at + BATCH) });
      }
      for (let at = 0; at < kept.length; at += BATCH) {
        const rows = kept.slice(at, at + BATCH).map((entry) => this.#rowOf(entry));
        await saveCacheEntries(getDb("batch"), rows);
      }
    } catch (error) {
      getLog().warn({ err: error }, "cache entries could not be noted; they are not listed");
    }
  }

  #rowOf(entry: KeptEntry): CacheEntryRow {
    const { question } = entry;
    const id = newId();
    return {
      ...entryRowOf(entry),
      id,
      kind: "exact",
      digest: question.digest,
      ...(question.keepsText ? this.#seal(id, textOf(question)) : {}),
    };
  }

  #seal(id: string, text: string) {
    const plain: CacheEntryText = { question: text.slice(0, TEXT_CHARS).toWellFormed() };
    const sealed = seal(this.#masterKeys, JSON.stringify(plain), cacheEntryContext(id));
    return { keyVersion: sealed.version, wrappedKey: sealed.wrappedKey, box: sealed.box };
  }
}
