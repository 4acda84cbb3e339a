import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** What `next build` reads. Tests and files of other commands change nothing in it. */
const SOURCES = [
  "app",
  "lib",
  "drizzle/schema",
  "public",
  "next.config.ts",
  "postcss.config.mjs",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];

/**
 * A digest of everything that a build is made from, so that a build is made again exactly when
 * something in it changed, also outside of git. The base path is part of a build.
 */
export function buildStamp(root: string): string {
  const digest = createHash("sha256");
  for (const path of SOURCES.flatMap((source) => filesOf(join(root, source))).sort()) {
    digest
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update("\0");
  }
  digest.update(process.env["CONDUIT_BASE_PATH"] ?? "");
  return digest.digest("hex");
}

function filesOf(path: string): string[] {
  if (!existsSync(path)) {
    return [];
  }
  if (!statSync(path).isDirectory()) {
    return [path];
  }
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => join(entry.parentPath, entry.name));
}
