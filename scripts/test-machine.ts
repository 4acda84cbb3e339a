import { spawnSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { delimiter, join } from "node:path";

interface Need {
  /** What the tests run. */
  program: string;
  /** Other names of the same program. */
  orElse?: readonly string[];
  /** Where it also lies when it is not on PATH. */
  folders: string;
  /** Arguments with which it has to succeed, when being there is not enough. */
  probe?: readonly string[];
  /** Debian's package. */
  debian: string;
  /** A setting that makes the program unnecessary. */
  setting?: string;
  /** What happens without it. */
  without: string;
}

const NEEDS: readonly Need[] = [
  {
    program: "postgres",
    folders: "/usr/lib/postgresql/*/bin",
    debian: "postgresql",
    setting: "DATABASE_URL",
    without: "the Postgres that npm installed is used",
  },
  {
    program: "redis-server",
    folders: "/usr/local/bin",
    debian: "redis-server",
    setting: "REDIS_URL",
    without: "tests that need a real Redis are skipped",
  },
  {
    program: "python3",
    folders: "/usr/local/bin",
    // Debian ships Python without the parts that make a virtual environment.
    probe: ["-c", "import ensurepip, venv"],
    debian: "python3-venv",
    without: "the Python SDK's suite is skipped",
  },
  {
    program: "chromium",
    orElse: ["chromium-browser", "google-chrome", "google-chrome-stable"],
    folders: "/usr/local/bin",
    debian: "chromium",
    setting: "PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH",
    without: "the console's suite fails, for it needs a browser",
  },
  {
    program: "nginx",
    folders: "/usr/sbin",
    debian: "nginx-light",
    without: "the test of the console behind a proxy with a path prefix is skipped",
  },
];

/**
 * Installs what the suites need where that is safe to do unasked: on Debian, as root. Elsewhere it
 * changes nothing. Returns a sentence for each thing that is still missing.
 */
export function prepareMachine(): string[] {
  const missing = NEEDS.filter((need) => !isThere(need));
  if (missing.length > 0 && mayInstall()) {
    install(missing.map((need) => need.debian));
  }
  return missing
    .filter((need) => !isThere(need))
    .map((need) => `${need.program} was not found: ${need.without}.`);
}

function isThere(need: Need): boolean {
  if (need.setting !== undefined && process.env[need.setting]) {
    return true;
  }
  const onPath = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const folders = [...onPath, ...globSync(need.folders)];
  const found = [need.program, ...(need.orElse ?? [])]
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
  if (found === undefined || need.probe === undefined) {
    return found !== undefined;
  }
  return spawnSync(found, need.probe, { stdio: "ignore" }).status === 0;
}

function mayInstall(): boolean {
  return existsSync("/etc/debian_version") && process.getuid?.() === 0;
}

function install(packages: readonly string[]): void {
  console.log(`Installing ${packages.join(", ")} …`);
  const env = {
    ...process.env,
    DEBIAN_FRONTEND: "noninteractive",
    // In runlevel 1 a package's own service is not started: the tests start their own.
    RUNLEVEL: "1",
  };
  const apt = (args: readonly string[]) =>
    spawnSync("apt-get", ["-qq", ...args], { env, stdio: ["ignore", "ignore", "inherit"] });
  apt(["update"]);
  apt(["install", "-y", "--no-install-recommends", ...packages]);
}
