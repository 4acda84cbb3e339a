import type { Journal } from "./journal.ts";
import type { Recorder } from "./record.ts";

/** What `/metrics` and `/readyz` tell of the ledger. */
export interface LedgerStats {
  /** Rows that wait for the database, in memory or in the journal. */
  queuedRows: number;
  queuedBytes: number;
  /** Those of them that are only in the journal. */
  spilledRows: number;
  /** How long rows have waited without one being stored; 0 when none waits. */
  oldestAgeMs: number;
  storedRows: number;
  /** Rows that the database refused in this process. */
  deadLetters: number;
  /** Failures to store since the last success; above 0 the database is away. */
  storeFailures: number;
  journalBytes: number;
  journalSegments: number;
  /** Rows that neither the journal nor the database took so far, in memory alone. */
  unsafeRows: number;
  /** Rows that nothing could take. */
  lostRows: number;
  /** Groups that the journal could not take, whose rows went to the database one by one. */
  journalWriteFailures: number;
  journalSyncs: number;
  /** Requests that were announced and have not ended. */
  openIntents: number;
}

export function ledgerStats(parts: { journal: Journal; recorder: Recorder }): LedgerStats {
  const { failures, ...queue } = parts.recorder.stats();
  const { bytes, segments, writeFailures, syncs, openIntents } = parts.journal.stats();
  return {
    ...queue,
    storeFailures: failures,
    journalBytes: bytes,
    journalSegments: segments,
    journalWriteFailures: writeFailures,
    journalSyncs: syncs,
    openIntents,
  };
}
