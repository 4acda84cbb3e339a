import { setTimeout as sleep } from "node:timers/promises";
import type { Contestant } from "./contestant.ts";
import { machineFacts } from "./machine.ts";
import { measure } from "./measure.ts";
import { readUsage } from "./process-usage.ts";

const CONNECTIONS = 16;
/** Streams before the first look, as a share of those that are measured. */
const WARM_UP_SHARE = 0.2;
const IDLE_MS = 20_000;
const SAMPLES = 20;
const SAMPLE_MS = 250;
const STEPS = 10;
const MAX_GROWTH_MIB = 20;

export interface Growth {
  answers: number;
  lines: string[];
  markdown(findings: readonly string[]): string;
}

/**
 * Memory before and after many streams, both taken at rest: after a wait in which the engine gives
 * back what it needed for the load. What is left over is what streams leave behind.
 */
export async function measureGrowth(input: {
  contestant: Contestant;
  upstreamPid: number;
  streams: number;
}): Promise<Growth> {
  const { contestant, upstreamPid, streams } = input;
  const during: string[] = [];
  const run = async (requests: number) => {
    const measured = await measure({
      contestant,
      upstreamPid,
      load: {
        stream: true,
        connections: CONNECTIONS,
        warmUpMs: 0,
        requests,
        progressEvery: Math.ceil(streams / STEPS),
      },
      onProgress: (answers, { residentMib }) => {
        const line = `${answers} streams: ${residentMib.toFixed(0)} MiB`;
        console.log(line);
        during.push(line);
      },
    });
    if (measured.failures > 0) {
      console.log(`${measured.failures} failed: ${measured.failure}`);
    }
    return measured;
  };
  const warmUpStreams = Math.ceil(streams * WARM_UP_SHARE);
  const warmUp = await run(warmUpStreams);
  const beforeMib = await residentAtRest(contestant.pid);
  during.length = 0;
  const measured = await run(streams);
  const afterMib = await residentAtRest(contestant.pid);
  const growthMib = afterMib - beforeMib;
  const lines = [
    `at rest after ${warmUpStreams} streams of warm-up: ${beforeMib.toFixed(1)} MiB`,
    `at rest after ${streams} more: ${afterMib.toFixed(1)} MiB`,
    `growth: ${growthMib.toFixed(1)} MiB (target: at most ${MAX_GROWTH_MIB} MiB): ${growthMib <= MAX_GROWTH_MIB ? "met" : "MISSED"}`,
  ];
  return {
    answers: warmUp.answersInAll + measured.answersInAll,
    lines,
    markdown: (findings) =>
      [
        "# Memory growth over streamed requests",
        "",
        ...machineFacts(),
        "",
        ...lines.map((line) => `- ${line}`),
        ...findings.map((line) => `- ${line}`),
        "",
        `Under load, ${measured.perSecond.toFixed(0)} streams/s at ${CONNECTIONS} connections:`,
        "",
        ...during.map((line) => `- ${line}`),
        "",
      ].join("\n"),
  };
}

async function residentAtRest(pid: number): Promise<number> {
  await sleep(IDLE_MS);
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    samples.push(readUsage(pid).residentMib);
    await sleep(SAMPLE_MS);
  }
  return Math.min(...samples);
}
