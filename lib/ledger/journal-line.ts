import { crc32 } from "node:zlib";

/**
 * One line of the journal: `{"t":"E","c":"9ab3…","r":{…}}`. `t` is `I` for an intent and `E` for an
 * ending, `c` the CRC-32 of `t` and the text of `r`. Type and checksum stand at fixed places, so that a line
 * is checked and its row taken out as text, without parsing it.
 */
export type LineType = "I" | "E";

/** Where the checksum of each type's lines starts from, so that it covers the type too. */
const SEEDS = { I: crc32("I"), E: crc32("E") } as const satisfies Record<LineType, number>;
const TYPE_AT = 6;
const CRC_AT = 14;
const ROW_AT = CRC_AT + 8 + 6;

/** A line with its newline; `row` is JSON text without raw newlines, as `JSON.stringify` writes it. */
export function encodeLine(type: LineType, row: string): string {
  const crc = crc32(row, SEEDS[type]).toString(16).padStart(8, "0");
  return `{"t":"${type}","c":"${crc}","r":${row}}\n`;
}

/** A line without its newline, or `undefined` when it is torn or altered. */
export function decodeLine(line: string): JournalLine | undefined {
  const type = line.charAt(TYPE_AT);
  if ((type !== "I" && type !== "E") || line.charAt(line.length - 1) !== "}") {
    return undefined;
  }
  const row = line.slice(ROW_AT, -1);
  const crc = Number.parseInt(line.slice(CRC_AT, CRC_AT + 8), 16);
  return crc === crc32(row, SEEDS[type]) ? { type, row } : undefined;
}

export interface JournalLine {
  type: LineType;
  row: string;
}

/** What a stretch of a segment holds. */
export interface JournalLines {
  lines: JournalLine[];
  /** Bytes up to and including the last newline. */
  wholeBytes: number;
  /** Lines with a newline that are not what was written: the disk altered them. */
  corrupt: number;
  /** A last line that lacks only its newline; a torn one is left out without a complaint. */
  last: JournalLine | undefined;
}

const NEWLINE = 0x0a;

/**
 * The character between two lines that was a newline once. No row has it inside: there a brace that
 * closes is followed by a comma and a name, or by the end.
 */
const LOST_NEWLINE = /(?<=\}).(?=\{"t":"[IE]","c":"[0-9a-f]{8}","r":)/s;

/** What can be read of lines that run into each other because the newline between them was altered. */
function linesIn(text: string): JournalLine[] {
  return text.split(LOST_NEWLINE).flatMap((part) => decodeLine(part) ?? []);
}

/** The lines of a segment, or of a part of one that begins with a line. */
export function readLines(bytes: Buffer): JournalLines {
  const lines: JournalLine[] = [];
  let corrupt = 0;
  let from = 0;
  for (let to = bytes.indexOf(NEWLINE); to !== -1; to = bytes.indexOf(NEWLINE, from)) {
    const text = bytes.toString("utf8", from, to);
    const line = decodeLine(text);
    if (line === undefined) {
      corrupt += 1;
      lines.push(...linesIn(text));
    } else {
      lines.push(line);
    }
    from = to + 1;
  }
  const last = decodeLine(bytes.toString("utf8", from));
  return { lines, wholeBytes: from, corrupt, last };
}
