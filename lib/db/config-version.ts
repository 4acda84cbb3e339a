import { asc, eq, gt, lt, sql } from "drizzle-orm";
import { configChanges } from "#drizzle/schema/config-changes.ts";
import { configVersion } from "#drizzle/schema/config-version.ts";
import { sharedNow } from "#lib/clock.ts";
import type { ConfigChangeKind } from "#lib/contract/config-change.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";
import { type Db, getDb, openDedicatedSql, type Sql } from "./client.ts";
import { isDatabaseUp } from "./reach.ts";

export interface ConfigChange {
  version: number;
  kind: ConfigChangeKind;
  /** The id of the changed row (an alias's or a setting's name); empty for `everything`. */
  subjectId: string;
}

/** The channel that other processes listen on. */
const CONFIG_CHANNEL = "conduit_config";

/** A process that was away for longer than this many changes reads everything anew. */
const REMEMBERED_CHANGES = 10_000n;

/**
 * Notes a change in the transaction that makes it, and returns the new version. The single row of
 * `config_version` stays locked until the commit, so versions become visible in order and none is
 * missed by a reader. Call it last: the lock makes other writers wait.
 */
export async function recordChange(
  tx: Db,
  change: { kind: ConfigChangeKind; subjectId: string },
): Promise<number> {
  const [row] = await tx
    .update(configVersion)
    .set({ version: sql`${configVersion.version} + 1` })
    .where(eq(configVersion.id, 1))
    .returning({ version: configVersion.version });
  if (row === undefined) {
    throw new Error("The table config_version has lost its row.");
  }
  await tx.insert(configChanges).values({ version: row.version, ...change });
  await tx.delete(configChanges).where(lt(configChanges.version, row.version - REMEMBERED_CHANGES));
  // Delivered at the commit. Only writes of an administrator notify: a notification per request
  // would put all commits in a row.
  await tx.execute(sql`select pg_notify(${CONFIG_CHANNEL}, ${String(row.version)})`);
  return Number(row.version);
}

/** Takes the lock of `recordChange` for a transaction that writes audit events but changes nothing. */
export async function holdConfigVersion(tx: Db): Promise<void> {
  await tx.select({ id: configVersion.id }).from(configVersion).for("update");
}

/** The number of the last change. */
export async function getConfigVersion(db: Db = getDb()): Promise<number> {
  const [row] = await db.select({ version: configVersion.version }).from(configVersion);
  return Number(row?.version ?? 0n);
}

/** All changes after `version`, oldest first; one `everything` when some are no longer remembered. */
export async function readChangesSince(version: number): Promise<ConfigChange[]> {
  const rows = await getDb()
    .select({
      version: configChanges.version,
      kind: configChanges.kind,
      subjectId: configChanges.subjectId,
    })
    .from(configChanges)
    .where(gt(configChanges.version, BigInt(version)))
    .orderBy(asc(configChanges.version));
  const changes = rows.map((row) => ({ ...row, version: Number(row.version) }));
  const last = changes.at(-1);
  if (last !== undefined && changes[0]?.version !== version + 1) {
    return [{ version: last.version, kind: "everything", subjectId: "" }];
  }
  return changes;
}

export interface ConfigWatch {
  stop(): Promise<void>;
}

interface Watcher {
  /** The version up to which this process has taken changes over. */
  version: number;
  /** Whether changes come by themselves; otherwise only `takeChanges` brings them. */
  isTold: boolean;
  onChange: (changes: readonly ConfigChange[]) => Promise<void>;
  running: Promise<void> | undefined;
  waiting: Promise<void> | undefined;
  /** Up to when nothing can have changed that was not taken over. */
  knownUntilMs: number;
}

const POLL_MS = 5_000;

/** One per process: the console's writes, made by Next's copy, reach the server's watcher. */
function holder(): { watcher: Watcher | undefined } {
  return singleton("config-watch", () => ({ watcher: undefined }));
}

/**
 * Calls `onChange` with what was changed, by this process (at `takeChanges`) or another one (told
 * by LISTEN, with a poll every five seconds behind it). On the embedded database there is no other.
 * An `onChange` that throws is called again with the same changes.
 */
export async function watchChanges(
  options: Pick<Watcher, "onChange"> & {
    /** Takes changes over only at `takeChanges`: for hosts that freeze a process between requests. */
    onlyWhenAsked?: boolean;
  },
): Promise<ConfigWatch> {
  const askedMs = sharedNow();
  const watcher: Watcher = {
    version: await getConfigVersion(),
    isTold: options.onlyWhenAsked !== true,
    onChange: options.onChange,
    running: undefined,
    waiting: undefined,
    knownUntilMs: askedMs,
  };
  holder().watcher = watcher;
  const dedicated = watcher.isTold ? openDedicatedSql() : undefined;
  const timer = dedicated === undefined ? undefined : startPolling();
  if (dedicated !== undefined) {
    listen(dedicated);
  }
  return {
    stop: async () => {
      clearInterval(timer);
      holder().watcher = undefined;
      await dedicated?.end({ timeout: 1 });
      await watcher.running;
    },
  };
}

/**
 * Takes over all changes committed so far. An admin write calls it after its commit and before it
 * answers, so that the next request to this process already sees what was written. Throws what
 * `onChange` throws; without a watcher (a script) it does nothing.
 */
export async function takeChanges(): Promise<void> {
  const { watcher } = holder();
  if (watcher === undefined) {
    return;
  }
  // The next run has not begun; asking past it would let two run at once, and the older one might
  // set the version back.
  if (watcher.waiting !== undefined) {
    return watcher.waiting;
  }
  if (watcher.running === undefined) {
    return start(watcher);
  }
  // A run that has begun may have read before our commit, so we wait for the one after it.
  watcher.waiting = watcher.running.catch(() => undefined).then(() => start(watcher));
  return watcher.waiting;
}

function start(watcher: Watcher): Promise<void> {
  watcher.waiting = undefined;
  const run = takeOver(watcher).finally(() => {
    watcher.running = undefined;
  });
  watcher.running = run;
  return run;
}

async function takeOver(watcher: Watcher): Promise<void> {
  const askedMs = sharedNow();
  const changes = await readChangesSince(watcher.version);
  const last = changes.at(-1);
  if (last !== undefined) {
    await watcher.onChange(changes);
    watcher.version = last.version;
  }
  watcher.knownUntilMs = askedMs;
}

function startPolling(): NodeJS.Timeout {
  // Replicas that started together should not ask together.
  const timer = setInterval(takeQuietly, POLL_MS * (0.9 + Math.random() * 0.2));
  return timer.unref();
}

function listen(dedicated: Sql): void {
  // The second function runs after every (re)connection: what was said meanwhile was missed.
  dedicated.listen(CONFIG_CHANNEL, takeQuietly, takeQuietly).catch((error: unknown) => {
    getLog().warn({ err: error }, "Changes are polled for: the database does not take LISTEN.");
  });
}

function takeQuietly(): void {
  if (!isDatabaseUp()) {
    // Whoever notices that it is back will ask.
    return;
  }
  takeChanges().catch((error: unknown) => {
    getLog().warn({ err: error }, "Configuration changes could not be read; the last ones stay.");
  });
}

/**
 * Up to when this process knows of every change, in milliseconds since 1970: what it remembers is at
 * most as old as that. `undefined` where nobody tells it of changes.
 */
export function changesKnownUntilMs(): number | undefined {
  const { watcher } = holder();
  return watcher?.isTold === true ? watcher.knownUntilMs : undefined;
}

/**
 * Whether this process is told of changes as they happen, so that what it remembers may be relied
 * on. A watcher that is only asked now and then (`onlyWhenAsked`) does not count.
 */
export function isWatchingChanges(): boolean {
  return holder().watcher?.isTold === true;
}
