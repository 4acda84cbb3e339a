import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a process has used so far, from `/proc`; only Linux has it. */
export interface ProcessUsage {
  /** Processor time of all its threads since its start. */
  cpuSeconds: number;
  residentMib: number;
}

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
const UTIME = 11;
const STIME = 12;

export function readUsage(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold spaces, so the fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[UTIME]) + Number(fields[STIME]);
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const residentKib = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
  return { cpuSeconds: ticks / ticksPerSecond, residentMib: residentKib / 1024 };
}

/** Processor time that all processes of the machine have used since it started. */
export function readMachineCpuSeconds(): number {
  const [first = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const [user = 0, nice = 0, system = 0, , , interrupt = 0, softInterrupt = 0] = first
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + interrupt + softInterrupt) / ticksPerSecond;
}
