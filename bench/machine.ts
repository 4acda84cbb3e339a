import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";

/** Lines that say where, when and with what a measurement was made. */
export function machineFacts(): string[] {
  const processors = cpus();
  const undici = readFileSync(
    new URL("../node_modules/undici/package.json", import.meta.url),
    "utf8",
  );
  return [
    `- Date: ${new Date().toISOString().slice(0, 10)}, commit ${commit()}`,
    `- Machine: ${processors.length} × ${processors[0]?.model ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}`,
    `- Node ${process.version}, undici ${(JSON.parse(undici) as { version: string }).version}`,
  ];
}

function commit(): string {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    // Not a checkout: an archive of the sources, for one.
    return "unknown";
  }
}
