import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startConduit } from "./conduit.ts";
import {
  CONTESTANTS,
  type Contestant,
  type ContestantName,
  type StartOptions,
} from "./contestant.ts";
import { type Measurement, measure } from "./measure.ts";
import { startBare } from "./peers/bare.ts";
import { startPortkey } from "./peers/portkey.ts";
import { type Results, writeReport } from "./report.ts";
import { loadOf, SCENARIO_NAMES, SCENARIOS } from "./scenarios.ts";
import { startScript } from "./script.ts";
import { measureGrowth } from "./soak.ts";

/**
 * The side-by-side benchmark. See README.md beside this file for how to read it.
 *
 * --rounds=3          how often everything is measured; the report shows medians
 * --seconds=6         length of one measurement
 * --only=direct,bare  contestants (direct, bare, portkey, conduit)
 * --scenarios=streams what is measured (requests, streams, alone)
 * --soak              measures memory growth over --soak-streams=100000 streams instead
 * --burst             the upstream writes each stream at once
 * --cpu-prof, --prof  Conduit writes a profile to bench/results/ when it ends
 * --node-flags=…      further flags for Conduit's Node, separated by spaces
 * --save              writes bench/results.md
 */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "6" },
    only: { type: "string", default: CONTESTANTS.join(",") },
    scenarios: { type: "string", default: SCENARIO_NAMES.join(",") },
    soak: { type: "boolean", default: false },
    "soak-streams": { type: "string", default: "100000" },
    burst: { type: "boolean", default: false },
    "cpu-prof": { type: "boolean", default: false },
    prof: { type: "boolean", default: false },
    "node-flags": { type: "string", default: "" },
    save: { type: "boolean", default: false },
  },
});

const STARTERS = { bare: startBare, portkey: startPortkey, conduit: startConduit } as const;
const resultsDirectory = fileURLToPath(new URL("./results/", import.meta.url));

async function main(): Promise<void> {
  const upstream = await startScript("./upstream.ts", ...(values.burst ? ["burst"] : []));
  const upstreamPid = upstream.child.pid ?? -1;
  const contestants: Contestant[] = [];
  try {
    for (const name of chosen(CONTESTANTS, values.soak ? "conduit" : values.only)) {
      console.log(`starting ${name}`);
      contestants.push(await startContestant(name, upstream.url, upstreamPid));
    }
    if (values.soak) {
      await soak(contestants, upstreamPid);
    } else {
      await compare(contestants, upstreamPid);
    }
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.stop()));
    upstream.child.disconnect();
  }
}

function chosen<T extends string>(known: readonly T[], list: string): T[] {
  const asked = list.split(",");
  const strangers = asked.filter((name) => !known.some((one) => one === name));
  if (strangers.length > 0) {
    throw new Error(`"${strangers.join(", ")}" is not known. Known: ${known.join(", ")}.`);
  }
  return known.filter((name) => asked.includes(name));
}

async function startContestant(
  name: ContestantName,
  upstreamUrl: string,
  upstreamPid: number,
): Promise<Contestant> {
  if (name !== "direct") {
    return STARTERS[name]({ upstreamUrl, nodeFlags: conduitFlags() });
  }
  return {
    name,
    label: "upstream alone",
    url: upstreamUrl,
    pid: upstreamPid,
    headers: {},
    facts: [],
    stop: async () => undefined,
  };
}

function conduitFlags(): StartOptions["nodeFlags"] {
  mkdirSync(resultsDirectory, { recursive: true });
  return [
    ...values["node-flags"].split(" ").filter((flag) => flag !== ""),
    ...(values["cpu-prof"] ? ["--cpu-prof", `--cpu-prof-dir=${resultsDirectory}`] : []),
    ...(values.prof ? ["--prof", `--logfile=${resultsDirectory}v8-%p.log`] : []),
  ];
}

/** Everybody is measured in turn, round after round, so that a slow minute of the machine hits all. */
async function compare(contestants: readonly Contestant[], upstreamPid: number): Promise<void> {
  const rounds = Number(values.rounds);
  const scenarios = chosen(SCENARIO_NAMES, values.scenarios);
  const results: Results = new Map();
  const answers = new Map<Contestant, number>();
  for (let round = 0; round < rounds; round += 1) {
    for (const scenario of scenarios) {
      for (const contestant of contestants) {
        const load = loadOf(scenario, round, Number(values.seconds));
        const measured = await measure({ contestant, upstreamPid, load });
        const key = `${contestant.name}/${scenario}` as const;
        results.set(key, [...(results.get(key) ?? []), measured]);
        answers.set(contestant, (answers.get(contestant) ?? 0) + measured.answersInAll);
        console.log(lineOf(`${round + 1} ${SCENARIOS[scenario].title}`, contestant, measured));
      }
    }
  }
  const findings: string[] = [];
  for (const contestant of contestants) {
    findings.push(...((await contestant.inspect?.(answers.get(contestant) ?? 0)) ?? []));
  }
  writeReport({
    contestants,
    results,
    findings,
    rounds,
    seconds: Number(values.seconds),
    burst: values.burst,
    save: values.save,
  });
}

function lineOf(title: string, { label }: Contestant, measured: Measurement): string {
  const { perSecond, p50Ms, p99Ms, cpuMicrosPerAnswer, cores, residentMaxMib, failures } = measured;
  const trouble = failures === 0 ? "" : `  ${failures} FAILED: ${measured.failure}`;
  return [
    title.padEnd(34),
    label.padEnd(16),
    `${perSecond.toFixed(0).padStart(6)}/s`,
    `p50 ${p50Ms.toFixed(3)} ms  p99 ${p99Ms.toFixed(1)} ms`,
    `cpu ${cpuMicrosPerAnswer.toFixed(0)} µs`,
    `cores ${[cores.contestant, cores.upstream, cores.generator, cores.rest].map((used) => used.toFixed(2)).join(" + ")}`,
    `rss ${residentMaxMib.toFixed(0)} MiB${trouble}`,
  ].join("  ");
}

async function soak(contestants: readonly Contestant[], upstreamPid: number): Promise<void> {
  const streams = Number(values["soak-streams"]);
  for (const contestant of contestants) {
    const growth = await measureGrowth({ contestant, upstreamPid, streams });
    const findings = (await contestant.inspect?.(growth.answers)) ?? [];
    for (const line of [...growth.lines, ...findings]) {
      console.log(line);
    }
    if (values.save) {
      writeFileSync(
        fileURLToPath(new URL("./results-soak.md", import.meta.url)),
        growth.markdown(findings),
      );
    }
  }
}

await main();
