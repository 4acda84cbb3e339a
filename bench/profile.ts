import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/**
 * What a `.cpuprofile` says, as text: the functions that time was spent in, then the files, then our
 * own functions with all that they call.
 *
 *   node bench/profile.ts [file] [--skip=seconds] [--lines=40]
 *
 * Without a file it takes the newest of bench/results/. `--skip` leaves out the start of the process.
 */
interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
  children?: number[];
}

interface CpuProfile {
  nodes: ProfileNode[];
  samples: number[];
  timeDeltas: number[];
}

const IDLE = new Set(["(idle)", "(program)", "(root)"]);
const root = fileURLToPath(new URL("..", import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    skip: { type: "string", default: "0" },
    lines: { type: "string", default: "40" },
  },
});
const file = positionals[0] ?? newestProfile();
const profile = JSON.parse(readFileSync(file, "utf8")) as CpuProfile;
const selfMicros = selfTimes(profile);
const busyMicros = profile.nodes.reduce(
  (sum, node) => sum + (IDLE.has(node.callFrame.functionName) ? 0 : (selfMicros.get(node.id) ?? 0)),
  0,
);

console.log(`${file}: ${(busyMicros / 1e6).toFixed(2)} s busy\n`);
console.log("by function, own time");
printShares((node) => [`${node.callFrame.functionName || "(anonymous)"}  ${placeOf(node)}`]);
console.log("\nby file, own time");
printShares((node) => [placeOf(node).replace(/:\d+$/, "")]);
console.log("\nby function of our own, with everything it calls");
printTotals();

function newestProfile(): string {
  const directory = fileURLToPath(new URL("./results/", import.meta.url));
  const newest = readdirSync(directory)
    .filter((name) => name.endsWith(".cpuprofile"))
    .sort()
    .at(-1);
  if (newest === undefined) {
    throw new Error("There is no profile: npm run bench -- --only=conduit --cpu-prof");
  }
  return directory + newest;
}

function selfTimes({ samples, timeDeltas }: CpuProfile): Map<number, number> {
  const times = new Map<number, number>();
  let elapsedMicros = 0;
  for (const [at, id] of samples.entries()) {
    const deltaMicros = Math.max(0, timeDeltas[at] ?? 0);
    elapsedMicros += deltaMicros;
    if (elapsedMicros > Number(values.skip) * 1e6) {
      times.set(id, (times.get(id) ?? 0) + deltaMicros);
    }
  }
  return times;
}

function placeOf({ callFrame }: ProfileNode): string {
  const path = callFrame.url.replace("file://", "").replace(root, "");
  return path === "" ? "(native)" : `${path}:${callFrame.lineNumber + 1}`;
}

function printShares(namesOf: (node: ProfileNode) => string[]): void {
  const times = new Map<string, number>();
  for (const node of profile.nodes) {
    for (const name of IDLE.has(node.callFrame.functionName) ? [] : namesOf(node)) {
      times.set(name, (times.get(name) ?? 0) + (selfMicros.get(node.id) ?? 0));
    }
  }
  printTop(times);
}

/** A function that calls itself counts once for a sample, so the tree is walked with its callers known. */
function printTotals(): void {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const times = new Map<string, number>();
  const walk = (node: ProfileNode, callers: ReadonlySet<string>): number => {
    const name = `${node.callFrame.functionName || "(anonymous)"}  ${placeOf(node)}`;
    const within = new Set(callers).add(name);
    let total = selfMicros.get(node.id) ?? 0;
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      total += child === undefined ? 0 : walk(child, within);
    }
    const isOurs = /^(?:lib|app|bench|server\.ts)/.test(placeOf(node));
    if (isOurs && !callers.has(name)) {
      times.set(name, (times.get(name) ?? 0) + total);
    }
    return total;
  };
  const [first] = profile.nodes;
  if (first !== undefined) {
    walk(first, new Set());
  }
  printTop(times);
}

function printTop(times: ReadonlyMap<string, number>): void {
  const top = [...times].sort(([, a], [, b]) => b - a).slice(0, Number(values.lines));
  for (const [name, micros] of top) {
    console.log(`${((micros / busyMicros) * 100).toFixed(1).padStart(6)} %  ${name}`);
  }
}
