import { readFile, rename } from "node:fs/promises";
import { interruptedRowOf, rowIdOf } from "#lib/db/request-log-row.ts";
import { appendDeadLetters, deadLetterPath } from "./dead-letters.ts";
import { forgetBoot, isBootAlive, listSegments, removeFile } from "./journal-files.ts";
import { type JournalLine, readLines } from "./journal-line.ts";
import type { ReportProblem } from "./journal-writer.ts";
import { type InsertRows, storeRows } from "./store-rows.ts";

export interface ReplayOptions {
  directory: string;
  /** The boot id of this process, whose files are not touched. */
  ownBootId: string;
  insert: InsertRows;
  onProblem?: ReportProblem;
  /** How many rows are stored at once. */
  batchRows?: number;
}

export interface ReplayReport {
  /** Rows sent to the database; those that it already had counted nothing. */
  rows: number;
  /** Intents without an ending, stored as `interrupted` at their estimate. */
  interrupted: number;
  deadLetters: number;
  /** Files with lines that the disk had altered, kept under another name. */
  quarantined: number;
  /** Boots whose process still runs. */
  alive: number;
}

const BATCH_ROWS = 500;

/**
 * Stores what processes that are gone left in the journal directory, then deletes their files.
 * Safe to repeat and to run in several processes at once: rows that exist already count nothing.
 * Throws the database's error when it cannot be written; the files stay then.
 */
export async function replayJournal(options: ReplayOptions): Promise<ReplayReport> {
  const report: ReplayReport = {
    rows: 0,
    interrupted: 0,
    deadLetters: 0,
    quarantined: 0,
    alive: 0,
  };
  for (const [bootId, paths] of await listSegments(options.directory)) {
    if (bootId === options.ownBootId) {
      continue;
    }
    if (await isBootAlive(options.directory, bootId)) {
      report.alive += 1;
      continue;
    }
    await replayBoot({ options, report, paths });
    await forgetBoot(options.directory, bootId);
  }
  return report;
}

interface BootReplay {
  options: ReplayOptions;
  report: ReplayReport;
  paths: readonly string[];
}

/** An ending may stand in a later file than its intent, so that all files of a boot go together. */
async function replayBoot(boot: BootReplay): Promise<void> {
  const { report } = boot;
  const intents = new Map<string, string>();
  const corrupt: string[] = [];
  for (const path of boot.paths) {
    const bytes = await readIfThere(path);
    const read = readLines(bytes);
    const lines = read.last === undefined ? read.lines : [...read.lines, read.last];
    if (read.corrupt > 0) {
      corrupt.push(path);
      boot.options.onProblem?.(`${path} has ${read.corrupt} altered lines; it is kept.`, undefined);
    }
    const rows = sortLines(lines, intents);
    await storeInBatches(boot, rows);
    report.rows += rows.length;
  }
  const orphans = [...intents.values()].map(interruptedRowOf);
  await storeInBatches(boot, orphans);
  report.interrupted += orphans.length;
  for (const path of boot.paths) {
    await (corrupt.includes(path) ? rename(path, `${path}.quarantined`) : removeFile(path));
  }
  report.quarantined += corrupt.length;
}

async function readIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    // Another replica that starts at the same time may have been faster.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return Buffer.alloc(0);
    }
    throw error;
  }
}

/** The rows of endings; intents that have none so far are left in `intents`. */
function sortLines(lines: readonly JournalLine[], intents: Map<string, string>): string[] {
  const rows: string[] = [];
  for (const { type, row } of lines) {
    const id = rowIdOf(row);
    if (type === "I") {
      intents.set(id, row);
    } else {
      intents.delete(id);
      rows.push(row);
    }
  }
  return rows;
}

async function storeInBatches(boot: BootReplay, rows: readonly string[]): Promise<void> {
  const { options, report } = boot;
  const size = options.batchRows ?? BATCH_ROWS;
  for (let from = 0; from < rows.length; from += size) {
    const poison = await storeRows(rows.slice(from, from + size), options.insert);
    if (poison.length > 0) {
      await appendDeadLetters(deadLetterPath(options.directory), poison);
      report.deadLetters += poison.length;
    }
  }
}
