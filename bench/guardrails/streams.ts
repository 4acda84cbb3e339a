import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Conduit, startConduit } from "../conduit.ts";
import { machineFacts } from "../machine.ts";
import { type Measurement, measure } from "../measure.ts";
import { loadOf } from "../scenarios.ts";
import { startScript } from "../script.ts";

/**
 * What a streamed answer costs under rules on answers: one Conduit, its rules changed in between.
 * `hold` keeps back as much of each answer as the longest match of three rules needs, `watch` lets
 * it pass and reads it at its end.
 *
 * --rounds=5    how often everything is measured; the report shows medians
 * --seconds=8   length of one measurement
 * --built       the pages were built before
 * --save        writes results-streams.md beside this file
 */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "8" },
    built: { type: "boolean", default: false },
    save: { type: "boolean", default: false },
  },
});

const CASES = ["none", "hold", "watch"] as const;
type Case = (typeof CASES)[number];
const LABELS: Record<Case, string> = {
  none: "no rule",
  hold: "three rules that redact",
  watch: "the same rules in shadow mode",
};
const MODES = { none: "off", hold: "enforced", watch: "shadow" } as const;

/** None of them finds anything: what is measured is the reading and the holding back. */
const RULES = [
  { name: "personal data", type: "pii", config: {} },
  { name: "secrets", type: "secrets", config: {} },
  { name: "words", type: "word_list", config: { words: ["zanzibar", "a longer expression"] } },
];

type Results = Map<Case, Measurement[]>;

async function main(): Promise<void> {
  const upstream = await startScript("./upstream.ts");
  const upstreamPid = upstream.child.pid ?? -1;
  const conduit = await startConduit({
    upstreamUrl: upstream.url,
    nodeFlags: [],
    isBuilt: values.built,
  });
  const results: Results = new Map(CASES.map((name) => [name, []]));
  try {
    const ids = await addRules(conduit);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const name of CASES) {
        for (const id of ids) {
          await conduit.admin("PATCH", `/guardrails/rules/${id}`, { mode: MODES[name] });
        }
        const load = loadOf("streams", round, Number(values.seconds));
        const measured = await measure({ contestant: conduit, upstreamPid, load });
        results.get(name)?.push(measured);
        console.log(lineOf(round, name, measured));
      }
    }
    const report = reportOf(results, conduit.facts);
    console.log(report);
    if (values.save) {
      writeFileSync(fileURLToPath(new URL("./results-streams.md", import.meta.url)), report);
    }
  } finally {
    await conduit.stop();
    upstream.child.disconnect();
  }
}

async function addRules(conduit: Conduit): Promise<string[]> {
  const ids: string[] = [];
  for (const rule of RULES) {
    const common = { stage: "post", action: "redact", mode: "off" };
    const made = await conduit.admin("POST", "/guardrails/rules", { ...common, ...rule });
    ids.push(String(made["id"]));
  }
  return ids;
}

function lineOf(round: number, name: Case, measured: Measurement): string {
  const { perSecond, p50Ms, cpuMicrosPerAnswer, failures, failure } = measured;
  return [
    `${round + 1}`,
    LABELS[name].padEnd(30),
    `${perSecond.toFixed(0)} streams/s`,
    `p50 ${p50Ms.toFixed(2)} ms`,
    `cpu ${cpuMicrosPerAnswer.toFixed(0)} µs`,
    failures === 0 ? "" : `${failures} FAILED: ${failure}`,
  ].join("  ");
}

function reportOf(results: Results, facts: readonly string[]): string {
  const failures = [...results.values()].flat().reduce((sum, one) => sum + one.failures, 0);
  return [
    "# Streams under rules on answers",
    "",
    "Medians of the rounds; the share is taken inside each round. A stream is 50 chunks of one word.",
    "The target is at least 90 % of the streams per second without a rule. How to read it: ../README.md.",
    "",
    "| | streams/s | of those without a rule | p50 ms | p99 ms | CPU µs per stream |",
    "|---|---:|---:|---:|---:|---:|",
    ...CASES.map((name) => rowOf(results, name)),
    "",
    "## Conditions",
    "",
    ...machineFacts(),
    ...facts.map((fact) => `- ${fact}`),
    `- rules: ${RULES.map(({ type }) => type).join(", ")}, on answers; 16 connections`,
    `- ${values.rounds} rounds of ${values.seconds} s; load average at the end ${loadavg()[0]?.toFixed(1)}; ${failures} failed answers`,
    "",
  ].join("\n");
}

function rowOf(results: Results, name: Case): string {
  const own = results.get(name) ?? [];
  const none = results.get("none") ?? [];
  const share = median(own.map((one, at) => one.perSecond / (none[at]?.perSecond ?? Number.NaN)));
  return [
    "",
    LABELS[name],
    median(own.map((one) => one.perSecond)).toFixed(0),
    `${(100 * share).toFixed(0)} %`,
    median(own.map((one) => one.p50Ms)).toFixed(2),
    median(own.map((one) => one.p99Ms)).toFixed(1),
    median(own.map((one) => one.cpuMicrosPerAnswer)).toFixed(0),
    "",
  ]
    .join(" | ")
    .trim();
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

await main();
