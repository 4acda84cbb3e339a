import { fork } from "node:child_process";
import type { Contestant } from "./contestant.ts";
import type { GeneratorMessage, LoadOrder, LoadResult } from "./generator.ts";
import { type ProcessUsage, readMachineCpuSeconds, readUsage } from "./process-usage.ts";

const SAMPLE_MS = 250;

/** One run of load against one contestant. */
export interface Measurement extends LoadResult {
  /** Processor time per answer of the contestant's own process, in microseconds. */
  cpuMicrosPerAnswer: number;
  /**
   * How many cores each process used while answers were counted. `rest` is everything else on the
   * machine: a database, and whatever disturbed the measurement.
   */
  cores: { contestant: number; upstream: number; generator: number; rest: number };
  /** The most memory that the contestant held. */
  residentMaxMib: number;
}

export type Load = Omit<LoadOrder, "url" | "path" | "headers">;

export interface MeasureInput {
  contestant: Contestant;
  upstreamPid: number;
  load: Load;
  onProgress?: (answers: number, contestant: ProcessUsage) => void;
}

/** Has a generator of its own put load on a contestant, and watches what the processes use. */
export function measure(input: MeasureInput): Promise<Measurement> {
  const { contestant, upstreamPid, load } = input;
  const generator = fork(new URL("./generator.ts", import.meta.url), { execArgv: [] });
  const pids = {
    contestant: contestant.pid,
    upstream: upstreamPid,
    generator: generator.pid ?? -1,
  };
  const readAll = (): Reading => ({
    machine: readMachineCpuSeconds(),
    ...mapValues(pids, (pid) => readUsage(pid).cpuSeconds),
  });
  let before = readAll();
  let after = before;
  let residentMaxMib = 0;
  const sampler = setInterval(() => {
    residentMaxMib = Math.max(residentMaxMib, readUsage(contestant.pid).residentMib);
  }, SAMPLE_MS);
  return new Promise<Measurement>((resolve, reject) => {
    generator.once("exit", () => reject(new Error("The load generator ended without a result.")));
    generator.on("message", (received) => {
      // The generator is ours and sends nothing else.
      const message = received as GeneratorMessage;
      if (message.kind === "begin") {
        before = readAll();
      } else if (message.kind === "end") {
        after = readAll();
      } else if (message.kind === "progress") {
        input.onProgress?.(message.answers, readUsage(contestant.pid));
      } else {
        resolve(join({ result: message.result, before, after, residentMaxMib }));
      }
    });
    generator.send({
      ...load,
      url: contestant.url,
      path: "/v1/chat/completions",
      headers: { ...contestant.headers, "content-type": "application/json" },
    } satisfies LoadOrder);
  }).finally(() => clearInterval(sampler));
}

/** Processor seconds since the start of each. */
type Reading = Record<"contestant" | "upstream" | "generator" | "machine", number>;

function join(seen: {
  result: LoadResult;
  before: Reading;
  after: Reading;
  residentMaxMib: number;
}): Measurement {
  const { result, before, after, residentMaxMib } = seen;
  const used = mapValues(after, (seconds, name) => (seconds - before[name]) / result.seconds);
  const { contestant, upstream, generator, machine } = used;
  return {
    ...result,
    residentMaxMib,
    cpuMicrosPerAnswer: (contestant * 1e6) / result.perSecond,
    cores: { contestant, upstream, generator, rest: machine - contestant - upstream - generator },
  };
}

function mapValues<K extends string, A, B>(
  from: Record<K, A>,
  change: (value: A, key: K) => B,
): Record<K, B> {
  const entries = (Object.entries(from) as [K, A][]).map(([key, value]) => [
    key,
    change(value, key),
  ]);
  // `fromEntries` forgets which keys there were.
  return Object.fromEntries(entries) as Record<K, B>;
}
