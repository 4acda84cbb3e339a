import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("../node_modules/.cache/conduit-python", import.meta.url));
const python = `${home}/bin/python`;
const requirements = fileURLToPath(new URL("./python/requirements.txt", import.meta.url));

/**
 * A Python with the official SDK in an environment of its own; `undefined` when this machine has no
 * Python that can make one, or no registry to install from. The suites then are skipped by name.
 */
export function findPythonSdk(): string | undefined {
  if (hasSdk()) {
    return python;
  }
  mkdirSync(home, { recursive: true });
  const made = run("python3", ["-m", "venv", "--clear", home]);
  const installed = made && run(python, ["-m", "pip", "install", "--quiet", "-r", requirements]);
  return installed && hasSdk() ? python : undefined;
}

function hasSdk(): boolean {
  return existsSync(python) && run(python, ["-c", "import openai, pydantic"]);
}

function run(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore", timeout: 180_000 }).status === 0;
}
