import type { Server } from "node:http";
import { getEnv } from "#lib/env.ts";
import type { Started } from "./start.ts";

/** The port that a server listens on; another one than the setting's when that is 0. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : getEnv().port;
}

/**
 * Says on standard output that the gateway is up. Secrets that were made at this start are shown here
 * once and nowhere again; the link to the setup, until that is finished.
 */
export function greet(port: number, { secrets, setupToken }: Started): void {
  const { publicUrl, basePath, adminKey, mode, dataDir } = getEnv();
  const url = publicUrl ?? `http://localhost:${port}${basePath}`;
  const lines = [`Conduit is ready at ${url}`, `  API reference  ${url}/docs`];
  if (setupToken !== undefined) {
    lines.push(`  Set it up at   ${url}/setup?token=${encodeURIComponent(setupToken)}`);
  }
  if (secrets.generated.includes("CONDUIT_ADMIN_KEY")) {
    lines.push(`  Admin key      ${secrets.adminKey.reveal()}  (shown once; keep it)`);
  } else if (adminKey === undefined && mode === "production") {
    lines.push(`  Admin key      in ${dataDir}/secrets.json`);
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}
