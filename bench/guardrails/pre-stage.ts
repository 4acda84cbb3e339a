import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { encode } from "gpt-tokenizer";
import { Masks } from "#lib/guardrails/mask.ts";
import { compileStage } from "#lib/guardrails/policy.ts";
import type { CheckTools } from "#lib/guardrails/run-rule.ts";
import { screenStage } from "#lib/guardrails/screen.ts";
import { readRequestTexts } from "#lib/guardrails/texts.ts";
import { machineFacts } from "../machine.ts";
import { runPatterns } from "./patterns.ts";
import { NO_POWERS, offlineRules } from "./rules.ts";
import { HOSTILE_PARTS, PROMPT_NAMES, promptOf } from "./texts.ts";

/**
 * What the stage before a request costs with every rule that asks nobody else, and what patterns
 * that were made to be slow do to the other requests.
 *
 * --runs=400   how often each prompt is screened, after a tenth of that as a warm-up
 * --save       writes results-pre-stage.md beside this file
 */
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "400" },
    save: { type: "boolean", default: false },
  },
});

const HEADING = [
  "| prompt | runs | p50 ms | p99 ms | mean ms of the thread's own time | runs cut |",
  "|---|--:|--:|--:|--:|--:|",
];
const SIZES = [4_000, 100_000] as const;
const compiled = compileStage(offlineRules(), "pre");
const tools: CheckTools = {
  signal: new AbortController().signal,
  countTokens: (texts) => texts.reduce((sum, text) => sum + encode(text).length, 0),
  powersFor: () => NO_POWERS,
};

/** Runs of the present prompt in which the stage's time was over before the last rule. */
let cut = 0;

/** Screens one request as the gateway does, from its body to the body that is sent. */
async function screen(content: string): Promise<number> {
  const request = { model: "any", messages: [{ role: "user", content }] };
  const startedAt = performance.now();
  const body = readRequestTexts("chat", request);
  const { verdicts } = await screenStage({
    stage: "pre",
    rules: compiled,
    texts: body.slots,
    unreadable: body.unreadable,
    masks: new Masks(),
    tools,
  });
  body.body();
  const ms = performance.now() - startedAt;
  const isCut = verdicts.some(({ state }) => state === "failed" || state === "skipped");
  cut += isCut ? 1 : 0;
  return ms;
}

async function measurePrompt(name: string, prompt: string): Promise<string> {
  const runs = prompt.length > 10_000 ? Math.ceil(Number(values.runs) / 4) : Number(values.runs);
  for (let run = 0; run < runs / 10; run += 1) {
    await screen(prompt);
  }
  cut = 0;
  const cpuBefore = process.threadCpuUsage();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    times.push(await screen(prompt));
  }
  const { user, system } = process.threadCpuUsage(cpuBefore);
  times.sort((left, right) => left - right);
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(2);
  const mean = ((user + system) / 1000 / runs).toFixed(2);
  return `| ${prompt.length / 1000} kB ${name} | ${runs} | ${at(0.5)} | ${at(0.99)} | ${mean} | ${cut} |`;
}

const rows: string[] = [];
for (const units of SIZES) {
  for (const name of PROMPT_NAMES) {
    rows.push(await measurePrompt(name, promptOf(name, units)));
  }
}
const hostile: string[] = [];
for (const [name, part] of Object.entries(HOSTILE_PARTS)) {
  hostile.push(
    await measurePrompt(name, part.repeat(Math.ceil(100_000 / part.length)).slice(0, 100_000)),
  );
}

const delay = monitorEventLoopDelay({ resolution: 1 });
const patterns = await runPatterns(delay);

const report = [
  "# The stage before a request",
  "",
  "Written by `npm run bench:guardrails -- --save`.",
  "",
  ...machineFacts(),
  `- Load average over the run: ${loadavg()[0]?.toFixed(2)}. Above 1 others were busy on this machine, and the high percentiles are theirs.`,
  `- Rules: ${compiled.map(({ rule }) => rule.type).join(", ")}; a regular expression runs in another thread, so that its time has two hand-overs in it`,
  "- A run is cut when its rules took the 250 ms that a stage has; what is left then fails",
  "- From the parsed body to the body that is sent, masks and redactions included",
  "",
  ...HEADING,
  ...rows,
  "",
  "Targets: 4 kB p99 at most 2 ms, 100 kB at most 20 ms.",
  "",
  "## Texts that were made to be slow",
  "",
  ...HEADING,
  ...hostile,
  "",
  "## Patterns that were made to be slow",
  "",
  ...patterns,
  "",
].join("\n");
console.log(report);
if (values.save) {
  writeFileSync(fileURLToPath(new URL("./results-pre-stage.md", import.meta.url)), report);
}
process.exit(0);
