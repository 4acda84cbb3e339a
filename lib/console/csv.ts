/** Cells that a spreadsheet would take for a formula begin with one of these. */
const FORMULA = /^[=+\-@\t\r]/;
const QUOTED = /[",\r\n]/;

export type CsvCell = string | number | boolean | null;

/**
 * One line of a CSV file (RFC 4180), with its line end. A text that a spreadsheet would run as a
 * formula gets an apostrophe before it, as spreadsheets themselves write such a text; numbers stay.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`;
}

function cellOf(cell: CsvCell): string {
  if (cell === null) {
    return "";
  }
  const text = typeof cell === "string" && FORMULA.test(cell) ? `'${cell}` : String(cell);
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
