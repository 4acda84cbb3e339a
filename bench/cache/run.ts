import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startConduit } from "../conduit.ts";
import type { Contestant } from "../contestant.ts";
import { machineFacts } from "../machine.ts";
import { type Measurement, measure } from "../measure.ts";
import { startBare } from "../peers/bare.ts";
import { loadOf, SCENARIO_NAMES, SCENARIOS, type ScenarioName } from "../scenarios.ts";
import { startScript } from "../script.ts";

/**
 * What an answer from the exact cache takes, beside the bare proxy that asks the upstream each time,
 * and what a request costs whose cache is off. One Conduit, its cache turned on and off in between.
 *
 * --rounds=3    how often everything is measured; the report shows medians
 * --seconds=6   length of one measurement
 * --built       the pages were built before
 * --save        writes results.md beside this file
 */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "6" },
    built: { type: "boolean", default: false },
    save: { type: "boolean", default: false },
  },
});

const CASES = ["direct", "bare", "off", "hit"] as const;
type Case = (typeof CASES)[number];
const LABELS: Record<Case, string> = {
  direct: "upstream alone",
  bare: "bare proxy",
  off: "Conduit, cache off",
  hit: "Conduit, exact hit",
};

type Results = Map<`${Case}/${ScenarioName}`, Measurement[]>;

async function main(): Promise<void> {
  const upstream = await startScript("./upstream.ts");
  const upstreamPid = upstream.child.pid ?? -1;
  const options = { upstreamUrl: upstream.url, nodeFlags: [], isBuilt: values.built };
  const bare = await startBare(options);
  const conduit = await startConduit(options);
  const direct: Contestant = { ...bare, url: upstream.url, pid: upstreamPid };
  const results: Results = new Map();
  try {
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const scenario of SCENARIO_NAMES) {
        for (const name of CASES) {
          await conduit.admin("PATCH", "/cache/settings", { exact_enabled: name === "hit" });
          const contestant = { direct, bare, off: conduit, hit: conduit }[name];
          const load = loadOf(scenario, round, Number(values.seconds));
          const measured = await measure({ contestant, upstreamPid, load });
          const key = `${name}/${scenario}` as const;
          results.set(key, [...(results.get(key) ?? []), measured]);
          console.log(lineOf(`${round + 1} ${SCENARIOS[scenario].title}`, LABELS[name], measured));
        }
      }
    }
    const report = reportOf(results, conduit.facts);
    console.log(report);
    if (values.save) {
      writeFileSync(fileURLToPath(new URL("./results.md", import.meta.url)), report);
    }
  } finally {
    await Promise.all([bare.stop(), conduit.stop()]);
    upstream.child.disconnect();
  }
}

function lineOf(title: string, label: string, measured: Measurement): string {
  const { perSecond, p50Ms, p99Ms, cpuMicrosPerAnswer, failures, failure } = measured;
  return [
    title.padEnd(34),
    label.padEnd(20),
    `${perSecond.toFixed(0).padStart(6)}/s`,
    `p50 ${p50Ms.toFixed(3)} ms  p99 ${p99Ms.toFixed(1)} ms`,
    `cpu ${cpuMicrosPerAnswer.toFixed(0)} µs`,
    failures === 0 ? "" : `${failures} FAILED: ${failure}`,
  ].join("  ");
}

function reportOf(results: Results, facts: readonly string[]): string {
  const sections = SCENARIO_NAMES.map((scenario) => {
    const rows = CASES.map((name) => rowOf(results, name, scenario));
    return [
      `## ${SCENARIOS[scenario].title}`,
      "",
      "| | answers/s | of the bare proxy | p50 ms | added p50 ms | p99 ms | CPU µs per answer |",
      "|---|---:|---:|---:|---:|---:|---:|",
      ...rows,
      "",
    ].join("\n");
  });
  const failures = [...results.values()].flat().reduce((sum, one) => sum + one.failures, 0);
  return [
    "# Answers from the exact cache",
    "",
    "Medians of the rounds; ratios and differences are taken inside each round. How to read it: ../README.md.",
    "",
    ...sections,
    "## Conditions",
    "",
    ...machineFacts(),
    ...facts.map((fact) => `- ${fact}`),
    `- ${values.rounds} rounds of ${values.seconds} s; load average at the end ${loadavg()[0]?.toFixed(1)}; ${failures} failed answers`,
    "",
  ].join("\n");
}

function rowOf(results: Results, name: Case, scenario: ScenarioName): string {
  const own = results.get(`${name}/${scenario}`) ?? [];
  const bare = results.get(`bare/${scenario}`) ?? [];
  const direct = results.get(`direct/${scenario}`) ?? [];
  const ratio = median(own.map((one, at) => one.perSecond / (bare[at]?.perSecond ?? Number.NaN)));
  const added = median(own.map((one, at) => one.p50Ms - (direct[at]?.p50Ms ?? Number.NaN)));
  return [
    "",
    LABELS[name],
    median(own.map((one) => one.perSecond)).toFixed(0),
    `${(100 * ratio).toFixed(0)} %`,
    median(own.map((one) => one.p50Ms)).toFixed(3),
    added.toFixed(3),
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
