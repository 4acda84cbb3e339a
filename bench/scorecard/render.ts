import { UNPROTECTED } from "#lib/testing/reliability-rows.ts";
import { machineFacts } from "../machine.ts";
import { FIGURES, type Figure } from "./figures.ts";
import { TRIED } from "./missed.ts";
import { ROWS, type RowResult, type Rows } from "./rows.ts";

/** One line of `figures.jsonl`, as `recordFigure` writes it. */
export interface Measurement {
  figure: string;
  value: string;
  met: boolean;
  how: string;
  seed: number;
  /** The day, as `2026-11-22`. */
  on: string;
}

/** The text of docs/scorecard.md. */
export function renderScorecard(measured: readonly Measurement[], rows: Rows): string {
  return [
    "# Scorecard",
    "",
    "Written by `npm run scorecard` from what tests and benchmarks measured; nothing in it is typed in by",
    "hand but the targets and what was tried. A row that misses its target stays here. Every command",
    "prints its seed; `CONDUIT_TEST_SEED` repeats it.",
    "",
    ...machineFacts(),
    "",
    "## Figures",
    "",
    "| | Figure | Target | Measured | | How | Command |",
    "|---|---|---|---|---|---|---|",
    ...FIGURES.map((figure) => figureRow(figure, measured, rows)),
    "",
    ...missedNotes(measured, rows),
    "## Rows",
    "",
    "`npm run test:faults` runs every test that names a row, with all rounds, stores and doors.",
    "",
    "| | What happens | Tests | |",
    "|---|---|--:|---|",
    ...ROWS.map(([id, words]) => rowLine(id, words, rows[id])),
    "",
  ].join("\n");
}

/** Whether a figure's target is met; undefined when it was never measured. */
function stateOf(
  figure: Figure,
  measured: readonly Measurement[],
  rows: Rows,
): Measurement | undefined {
  if (figure.id === "S2") {
    return faultsHeld(rows);
  }
  const parts = latestParts(figure.id, measured);
  const [first] = parts;
  return first === undefined
    ? undefined
    : {
        ...first,
        value: parts.map(({ value }) => value).join("; "),
        met: parts.every(({ met }) => met),
        how: [...new Set(parts.map(({ how }) => how))].join("; "),
      };
}

/** A figure may have parts (`S14.one`, `S14.many`): the newest line of each. */
function latestParts(id: string, measured: readonly Measurement[]): Measurement[] {
  const newest = new Map<string, Measurement>();
  for (const one of measured) {
    if (one.figure === id || one.figure.startsWith(`${id}.`)) {
      newest.set(one.figure, one);
    }
  }
  return [...newest.values()];
}

function faultsHeld(rows: Rows): Measurement | undefined {
  const faults = ROWS.filter(([id]) => id.startsWith("F"));
  const held = faults.filter(([id]) => rows[id] !== undefined && holds(rows[id]));
  const tests = faults.reduce((sum, [id]) => sum + (rows[id]?.passed ?? 0), 0);
  return Object.keys(rows).length === 0
    ? undefined
    : {
        figure: "S2",
        value: `${held.length} of ${faults.length}`,
        met: held.length === faults.length,
        how: `${tests} tests`,
        seed: 1,
        on: "",
      };
}

function figureRow(figure: Figure, measured: readonly Measurement[], rows: Rows): string {
  const state = stateOf(figure, measured, rows);
  const mark = state === undefined ? "not measured" : state.met ? "met" : "**missed**";
  const how = state === undefined ? "" : `${state.how}${state.on === "" ? "" : `; ${state.on}`}`;
  const cells = [figure.id, figure.what, figure.target, state?.value ?? "–", mark, how];
  return `| ${cells.map(cell).join(" | ")} | \`${figure.command}\` |`;
}

/** What was tried where a target is missed or was not measured. */
function missedNotes(measured: readonly Measurement[], rows: Rows): string[] {
  const missed = FIGURES.filter((figure) => stateOf(figure, measured, rows)?.met !== true);
  const notes = missed.map(
    ({ id }) => `- **${id}**: ${TRIED[id] ?? "no reason is written down yet."}`,
  );
  return notes.length === 0 ? [] : ["### Missed, and what was tried", "", ...notes, ""];
}

function rowLine(id: string, words: string, row: RowResult | undefined): string {
  const reason = (UNPROTECTED as Readonly<Record<string, string>>)[id];
  if (row === undefined) {
    return `| ${id} | ${cell(words)} | 0 | **missed**: ${cell(reason ?? "no test of it ran")} |`;
  }
  const total = row.passed + row.failed + row.skipped;
  const files = row.files.map((file) => `\`${file}\``).join(", ");
  return `| ${id} | ${cell(words)} | ${total} | ${holds(row) ? "holds" : `**missed**: ${row.failed} failed`}: ${files} |`;
}

function holds(row: RowResult): boolean {
  return row.passed > 0 && row.failed === 0;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
