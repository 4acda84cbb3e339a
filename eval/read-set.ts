import { readFileSync } from "node:fs";
import type { Split } from "./suite.ts";

/** The rows of a set in `sets/`: a table with a heading, its columns separated by tabs. */
export function readSet(file: string): Readonly<Record<string, string>>[] {
  const text = readFileSync(new URL(`./sets/${file}`, import.meta.url), "utf8");
  const [heading = "", ...lines] = text.split("\n").filter((line) => line !== "");
  const names = heading.split("\t");
  return lines.map((line, at) => {
    const cells = line.split("\t");
    if (cells.length !== names.length) {
      throw new Error(`${file}, row ${at + 2}: ${cells.length} cells instead of ${names.length}.`);
    }
    // Line ends inside of a text are written out, since a row is a line.
    return Object.fromEntries(
      names.map((name, column) => [name, (cells[column] ?? "").replaceAll("\\n", "\n")]),
    );
  });
}

/** The row's split; a row without one is a mistake in the set. */
export function splitOf({ split }: Readonly<Record<string, string>>): Split {
  if (split !== "dev" && split !== "test") {
    throw new Error(`A row belongs to dev or to test, and not to ${split}.`);
  }
  return split;
}
