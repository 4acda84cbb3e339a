import { databaseKind, openDedicatedSql, type Sql } from "./client.ts";

const DEADLINE_MS = 1_000;

export interface Pinger {
  /** Asks for the least there is; rejects when no answer came within `deadlineMs`, a second if left out. */
  ping(deadlineMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A connection of its own that only asks whether the server answers, so that a crowd in the pools is
 * not taken for an outage. One that failed is thrown away: on a dead network path it would hang for
 * minutes. `undefined` on the embedded database, which lives and dies with this process.
 */
export function openPinger(): Pinger | undefined {
  if (databaseKind() === "embedded") {
    return undefined;
  }
  let sql: Sql | undefined;
  return {
    async ping(deadlineMs = DEADLINE_MS) {
      sql ??= openDedicatedSql();
      try {
        await within(ask(sql), deadlineMs);
      } catch (error) {
        void sql?.end({ timeout: 0 });
        sql = undefined;
        throw error;
      }
    },
    async stop() {
      await sql?.end({ timeout: 0 });
    },
  };
}

async function ask(sql: Sql | undefined): Promise<void> {
  await sql?.unsafe("select 1");
}

async function within(answer: Promise<void>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    const error = Object.assign(new Error("The database did not answer in time."), {
      code: "ETIMEDOUT",
    });
    // After a stall of the event loop the timer comes before the answer that is already there.
    timer = setTimeout(() => setImmediate(fail, error), deadlineMs);
  });
  try {
    await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
