import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * The suites run the built server; a build that is up to date is not made again.
 * `CONDUIT_SKIP_BUILD=1` takes the build as it is, where only the gateway was changed.
 */
export function setup(): void {
  if (process.env["CONDUIT_SKIP_BUILD"] === "1") {
    return;
  }
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const { status } = spawnSync("npm", ["run", "--silent", "build"], { cwd, stdio: "inherit" });
  if (status !== 0) {
    throw new Error("The build failed, so there is no server to test.");
  }
}
