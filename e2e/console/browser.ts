import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * The Chromium of the machine: `PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH`, or one on PATH. Throws when
 * there is none, naming what to do.
 */
export function chromiumPath(): string {
  const given = process.env["PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH"];
  if (given !== undefined && given !== "") {
    return given;
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(
    existsSync,
  );
  if (found === undefined) {
    throw new Error(
      "No Chromium was found: put one on PATH or name it in PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH.",
    );
  }
  return found;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Two browsers at a time, each beside a server of its own; one when the server was given. */
export function workerCount(): number {
  return (process.env["CONDUIT_E2E_URL"] ?? "") === "" ? 2 : 1;
}
