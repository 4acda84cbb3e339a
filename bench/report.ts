import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { recordFigure } from "#lib/testing/tier.ts";
import type { Contestant, ContestantName } from "./contestant.ts";
import { machineFacts } from "./machine.ts";
import type { Measurement } from "./measure.ts";
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from "./scenarios.ts";

/** Every measurement, in the order of the rounds. */
export type Results = Map<`${ContestantName}/${ScenarioName}`, Measurement[]>;

export interface ReportInput {
  contestants: readonly Contestant[];
  results: Results;
  findings: readonly string[];
  rounds: number;
  seconds: number;
  burst: boolean;
  save: boolean;
}

/** Prints the report, and writes it to results.md when asked to. */
export function writeReport(input: ReportInput): void {
  const text = [
    "# Benchmark",
    "",
    "Written by `npm run bench -- --save`. [README.md](README.md) says how to read it.",
    "",
    ...machineFacts(),
    `- ${input.rounds} rounds, ${input.seconds} s a measurement, all contestants in turn; the figures are medians over the rounds, ratios are medians of the ratios inside each round`,
    `- Streams: 50 content chunks, usage and \`[DONE]\`, ${input.burst ? "written at once" : "one chunk per turn of the upstream's event loop, no delay"}; every byte read and every event counted`,
    ...input.contestants.flatMap(({ facts }) => facts).map((fact) => `- ${fact}`),
    ...input.findings.map((finding) => `- ${finding}`),
    "",
    ...SCENARIO_NAMES.flatMap((scenario) => scenarioTable(input, scenario)),
    ...targetTable(input),
    "",
  ].join("\n");
  console.log(`\n${text}`);
  handOverFigures(input);
  if (input.save) {
    writeFileSync(fileURLToPath(new URL("./results.md", import.meta.url)), text);
  }
}

function scenarioTable({ contestants, results }: ReportInput, scenario: ScenarioName): string[] {
  const rows = contestants.flatMap(({ name, label }) => {
    const measured = results.get(`${name}/${scenario}`);
    return measured === undefined ? [] : [row(label, measured)];
  });
  if (rows.length === 0) {
    return [];
  }
  const { title } = SCENARIOS[scenario];
  return [
    `## ${title[0]?.toUpperCase()}${title.slice(1)}`,
    "",
    "| | per second | lowest to highest | p50 ms | p99 ms | CPU µs per answer | cores: it + upstream + generator + rest | most memory MiB | failed |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ...rows,
    "",
  ];
}

function row(label: string, measured: readonly Measurement[]): string {
  const mid = (of: (one: Measurement) => number): number => median(measured.map(of));
  const speeds = measured.map(({ perSecond }) => perSecond);
  const cores = (["contestant", "upstream", "generator", "rest"] as const)
    .map((name) => mid((one) => one.cores[name]).toFixed(2))
    .join(" + ");
  const cells = [
    label,
    mid(({ perSecond }) => perSecond).toFixed(0),
    `${Math.min(...speeds).toFixed(0)} to ${Math.max(...speeds).toFixed(0)}`,
    mid(({ p50Ms }) => p50Ms).toFixed(2),
    mid(({ p99Ms }) => p99Ms).toFixed(1),
    mid(({ cpuMicrosPerAnswer }) => cpuMicrosPerAnswer).toFixed(0),
    cores,
    Math.max(...measured.map(({ residentMaxMib }) => residentMaxMib)).toFixed(0),
    String(measured.reduce((sum, { failures }) => sum + failures, 0)),
  ];
  return `| ${cells.join(" | ")} |`;
}

interface TargetRow {
  what: string;
  target: string;
  value: number | undefined;
  show: (value: number) => string;
  isMet: (value: number) => boolean;
}

const percent = (value: number): string => `${(value * 100).toFixed(0)} %`;
const times = (value: number): string => `${value.toFixed(1)} ×`;
const milliseconds = (value: number): string => `${value.toFixed(2)} ms`;
const mebibytes = (value: number): string => `${value.toFixed(0)} MiB`;

function targetTable(input: ReportInput): string[] {
  const ratio = (scenario: ScenarioName, other: ContestantName) =>
    perRound(input, scenario, "conduit", other, (own, their) => own.perSecond / their.perSecond);
  const bareAddedMs = addedMs(input, "bare");
  const conduitAddedMs = addedMs(input, "conduit");
  const portkeyAddedMs = addedMs(input, "portkey");
  const rows: TargetRow[] = [
    {
      what: "requests/s against the bare proxy",
      target: "at least 60 %",
      value: ratio("requests", "bare"),
      show: percent,
      isMet: (value) => value >= 0.6,
    },
    {
      what: "requests/s against Portkey",
      target: "at least 5 ×",
      value: ratio("requests", "portkey"),
      show: times,
      isMet: (value) => value >= 5,
    },
    {
      what: "streams/s against the bare proxy",
      target: "at least 80 %",
      value: ratio("streams", "bare"),
      show: percent,
      isMet: (value) => value >= 0.8,
    },
    {
      what: "streams/s against Portkey",
      target: "at least 3 ×",
      value: ratio("streams", "portkey"),
      show: times,
      isMet: (value) => value >= 3,
    },
    {
      what: `added p50 at one connection (bare proxy: ${shown(bareAddedMs)})`,
      target: "at most the bare proxy's and 0.25 ms",
      value: conduitAddedMs,
      show: milliseconds,
      isMet: (value) => value <= (bareAddedMs ?? 0) + 0.25,
    },
    {
      what: `added p50 at one connection (Portkey: ${shown(portkeyAddedMs)})`,
      target: "at most half of Portkey's",
      value: portkeyAddedMs === undefined ? undefined : conduitAddedMs,
      show: milliseconds,
      isMet: (value) => value <= (portkeyAddedMs ?? 0) / 2,
    },
    {
      what: "most memory under load, on Postgres",
      target: "at most 300 MiB",
      value: mostMemoryMib(input),
      show: mebibytes,
      isMet: (value) => value <= 300,
    },
  ];
  const measured = rows.flatMap(({ what, target, value, show, isMet }) =>
    value === undefined
      ? []
      : [`| ${what} | ${target} | ${show(value)} | ${isMet(value) ? "met" : "**missed**"} |`],
  );
  return measured.length === 0
    ? []
    : ["## Targets", "", "| Conduit | target | measured | |", "|---|--:|--:|---|", ...measured];
}

/** The scorecard's figures: what a caller waits for Conduit, and what one core of it answers. */
function handOverFigures(input: ReportInput): void {
  const how = `medians of ${input.rounds} rounds of ${input.seconds} s, everything on one machine`;
  const oneMs = addedMs(input, "conduit");
  if (oneMs !== undefined) {
    const value = `p50 ${milliseconds(oneMs)} at 1`;
    recordFigure({ figure: "S14.one", value, met: oneMs <= 1.5, how });
  }
  const manyMs = perRound(
    input,
    "requests",
    "conduit",
    "direct",
    (own, direct) => own.p99Ms - direct.p99Ms,
  );
  if (manyMs !== undefined) {
    const value = `p99 ${milliseconds(manyMs)} at 64 that never rest`;
    recordFigure({ figure: "S14.many", value, met: manyMs <= 10, how });
  }
  const requests = input.results.get("conduit/requests") ?? [];
  if (requests.length > 0 && manyMs !== undefined) {
    const perCore = median(requests.map((one) => one.perSecond / one.cores.contestant));
    const value = `${perCore.toFixed(0)} at an added p99 of ${milliseconds(manyMs)}`;
    recordFigure({ figure: "S15", value, met: perCore >= 1500 && manyMs <= 10, how });
  }
}

function shown(valueMs: number | undefined): string {
  return valueMs === undefined ? "not measured" : milliseconds(valueMs);
}

/** The p50 at one connection beyond the upstream's own. */
function addedMs(input: ReportInput, name: ContestantName): number | undefined {
  return perRound(input, "alone", name, "direct", (own, direct) => own.p50Ms - direct.p50Ms);
}

/** The median over the rounds of what two contestants' measurements of one round say. */
function perRound(
  { results }: ReportInput,
  scenario: ScenarioName,
  own: ContestantName,
  other: ContestantName,
  compare: (own: Measurement, other: Measurement) => number,
): number | undefined {
  const others = results.get(`${other}/${scenario}`) ?? [];
  const values = (results.get(`${own}/${scenario}`) ?? []).flatMap((measured, round) => {
    const beside = others[round];
    return beside === undefined ? [] : [compare(measured, beside)];
  });
  return values.length === 0 ? undefined : median(values);
}

function mostMemoryMib({ results }: ReportInput): number | undefined {
  const all = SCENARIO_NAMES.flatMap((scenario) => results.get(`conduit/${scenario}`) ?? []);
  return all.length === 0
    ? undefined
    : Math.max(...all.map(({ residentMaxMib }) => residentMaxMib));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)] ?? Number.NaN;
  const high = sorted[Math.ceil(middle)] ?? Number.NaN;
  return (low + high) / 2;
}
