import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { PoisonRow } from "./store-rows.ts";

/** The file for rows that the database refused, beside the journal's segments. */
export function deadLetterPath(directory: string): string {
  return join(directory, "dead-letters.ndjson");
}

/**
 * Appends rows that the database refused to a file, one JSON object a line with the reason, for a
 * person to look at. Nothing reads it back: what is in it would be refused again.
 */
export async function appendDeadLetters(
  path: string,
  letters: readonly PoisonRow[],
): Promise<void> {
  const lines = letters.map(({ row, cause }) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return `{"at":"${new Date().toISOString()}","reason":${JSON.stringify(reason)},"row":${row}}\n`;
  });
  await appendFile(path, lines.join(""), { mode: 0o600 });
}
