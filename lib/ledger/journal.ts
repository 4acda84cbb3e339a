import type { RequestIntent, RequestRecord } from "#lib/contract/record.ts";
import { intentRowOf, logRowOf } from "#lib/db/request-log-row.ts";
import { newId } from "#lib/ids.ts";
import { claimBoot } from "./journal-files.ts";
import {
  type JournalOptions,
  type JournalSink,
  type JournalStats,
  JournalWriter,
} from "./journal-writer.ts";

export interface Journal {
  readonly bootId: string;
  /** Notes a request before its upstream is called; written with the group of this tick. */
  recordIntent(intent: RequestIntent): void;
  /**
   * Resolves when the row would survive the end of this process, or waits in memory where neither disk
   * nor database take anything; rejects when there is no room for it even there.
   */
  recordEnd(record: RequestRecord): Promise<void>;
  stats(): JournalStats;
  /** Writes what is pending, closes the files and gives up the lock. Intents stay for the replay. */
  close(): Promise<void>;
}

/** Opens this process's journal, with a boot id and files of its own. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const bootId = newId();
  if (options.mode === "off") {
    return directJournal(bootId, options.sink);
  }
  const claim = await claimBoot(options.directory, bootId);
  const writer = new JournalWriter(bootId, options);
  return {
    bootId,
    recordIntent: (intent) => writer.addIntent(intent.id, intentRowOf(intent)),
    recordEnd: (record) => writer.addEnd(record.id, logRowOf(record)),
    stats: () => writer.stats(),
    async close() {
      await writer.close();
      await claim.release();
    },
  };
}

const NO_JOURNAL: JournalStats = {
  bytes: 0,
  segments: 0,
  openIntents: 0,
  syncs: 0,
  writeFailures: 0,
  isFailing: false,
};

function directJournal(bootId: string, sink: JournalSink): Journal {
  return {
    bootId,
    recordIntent: () => undefined,
    recordEnd: (record) => sink.storeNow(logRowOf(record)),
    stats: () => NO_JOURNAL,
    close: async () => undefined,
  };
}
