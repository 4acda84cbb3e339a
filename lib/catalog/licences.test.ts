import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LICENCES } from "./licences.ts";

const ROOT = join(import.meta.dirname, "../..");

function manifestOf(folder: string): {
  dependencies?: Record<string, string>;
  license?: unknown;
} {
  return JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
}

test("every dependency is listed with the licence that its package names", () => {
  const names = Object.keys(manifestOf("").dependencies ?? {}).sort();
  const found = names.map((name) => [name, manifestOf(`node_modules/${name}`).license]);
  expect(Object.entries(LICENCES).sort()).toEqual(found.sort());
});
