import type { LogFilter } from "#lib/contract/log-filter.ts";
import type { RequestLogInfo } from "#lib/contract/request-log.ts";
import { getDb } from "#lib/db/client.ts";
import { listEndedLogs } from "#lib/db/log-tail.ts";
import type { LogWhere } from "#lib/db/log-where.ts";
import { listRequestLogs } from "#lib/db/request-logs-read.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";
import type { Actor } from "./actor.ts";
import { whereOfFilter } from "./log-where.ts";
import { logInfosOf } from "./request-log-view.ts";

/** A request that has just ended. */
export interface TailRow {
  log: RequestLogInfo;
  endedAtMs: number;
}

export type Deliver = (rows: readonly TailRow[]) => void;

const POLL_MS = 1000;
/** Rows are written a moment after their end, by several processes whose clocks differ a little. */
const OVERLAP_MS = 60_000;
/** Most requests take less; every tenth look goes further back, for the few that take long. */
const USUAL_MS = 3 * 60_000;
const LONGEST_MS = 30 * 60_000;
const DEEP_EVERY = 10;
const MAX_ROWS = 500;

interface Group {
  where: LogWhere;
  followers: Set<Deliver>;
}

/**
 * Hands every request that ends to whoever follows, within the scope and filter of each. However
 * many follow, one look a second at the database finds what is new, and those with the same scope
 * and filter share the one query that reads it.
 */
class LogTail {
  readonly #groups = new Map<string, Group>();
  readonly #seen = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #lookedAtMs = 0;
  #looks = 0;
  #isLooking = false;

  /** Follows until the returned function is called. What has ended before is not handed over. */
  async follow(where: LogWhere, deliver: Deliver): Promise<() => void> {
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => void this.#look(), POLL_MS);
      this.#timer.unref();
      this.#lookedAtMs = Date.now();
      await this.#findNew();
    }
    const key = JSON.stringify(where, (_, value: unknown) =>
      typeof value === "bigint" ? value.toString() : value,
    );
    const group = this.#groups.get(key) ?? { where, followers: new Set() };
    this.#groups.set(key, group);
    group.followers.add(deliver);
    return () => this.#leave(key, deliver);
  }

  #leave(key: string, deliver: Deliver): void {
    const group = this.#groups.get(key);
    group?.followers.delete(deliver);
    if (group?.followers.size === 0) {
      this.#groups.delete(key);
    }
    if (this.#groups.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#seen.clear();
    }
  }

  async #look(): Promise<void> {
    if (this.#isLooking) {
      return;
    }
    this.#isLooking = true;
    try {
      const fresh = await this.#findNew();
      if (fresh.size > 0) {
        await Promise.all([...this.#groups.values()].map((group) => handOver(group, fresh)));
      }
    } catch (error) {
      // The next look goes back to the last one that succeeded.
      getLog().warn({ err: error }, "the live tail could not look for new requests");
    } finally {
      this.#isLooking = false;
    }
  }

  /** Ids that were not there before, with when they ended. */
  async #findNew(): Promise<Map<string, number>> {
    const now = Date.now();
    const endedAfterMs = this.#lookedAtMs - OVERLAP_MS;
    const isDeep = this.#looks % DEEP_EVERY === 0 || now - this.#lookedAtMs > OVERLAP_MS;
    const rows = await listEndedLogs(getDb("console"), {
      startedAfter: new Date(now - (isDeep ? LONGEST_MS : USUAL_MS)),
      endedAfter: new Date(endedAfterMs),
      limit: MAX_ROWS,
    });
    this.#looks += 1;
    this.#lookedAtMs = now;
    const fresh = rows.filter(({ id }) => !this.#seen.has(id));
    for (const { id, endedAtMs } of fresh) {
      this.#seen.set(id, endedAtMs);
    }
    this.#forget(endedAfterMs);
    return new Map(fresh.map(({ id, endedAtMs }) => [id, endedAtMs]));
  }

  /** What no later look can find again. */
  #forget(endedBeforeMs: number): void {
    for (const [id, endedAtMs] of this.#seen) {
      if (endedAtMs <= endedBeforeMs) {
        this.#seen.delete(id);
      }
    }
  }
}

async function handOver(group: Group, fresh: ReadonlyMap<string, number>): Promise<void> {
  const rows = await readRows(group.where, fresh);
  if (rows.length > 0) {
    for (const deliver of group.followers) {
      deliver(rows);
    }
  }
}

async function readRows(where: LogWhere, ended: ReadonlyMap<string, number>): Promise<TailRow[]> {
  if (ended.size === 0) {
    return [];
  }
  const db = getDb("console");
  const ids = [...ended.keys()];
  const rows = await listRequestLogs(db, { where: { ...where, ids }, limit: ids.length });
  const logs = await logInfosOf(db, rows);
  return logs
    .map((log) => ({ log, endedAtMs: ended.get(log.id) ?? 0 }))
    .sort((one, other) => one.endedAtMs - other.endedAtMs);
}

/** One per process: pages are served by Next's copy of this file. */
function tail(): LogTail {
  return singleton("console.log-tail", () => new LogTail());
}

/** Requests of a filter as they end, within the actor's reach. */
export async function followLogs(
  actor: Actor,
  { filter, deliver }: { filter: LogFilter; deliver: Deliver },
): Promise<() => void> {
  return await tail().follow(await whereOfFilter(getDb("console"), actor, { filter }), deliver);
}

/** How many ids a reader who was away may have missed at most, of whatever filter. */
const MAX_MISSED = 20_000;

/** The latest requests of a filter that have ended since, oldest end first; at most 500. */
export async function showEndedSince(
  actor: Actor,
  { filter, sinceMs }: { filter: LogFilter; sinceMs: number },
): Promise<TailRow[]> {
  const db = getDb("console");
  const earliest = Date.now() - LONGEST_MS;
  const ended = await listEndedLogs(db, {
    startedAfter: new Date(Math.max(sinceMs, earliest) - LONGEST_MS),
    endedAfter: new Date(Math.max(sinceMs, earliest)),
    limit: MAX_MISSED,
  });
  const where = await whereOfFilter(db, actor, { filter });
  const rows = await readRows(where, new Map(ended.map(({ id, endedAtMs }) => [id, endedAtMs])));
  return rows.slice(-MAX_ROWS);
}
