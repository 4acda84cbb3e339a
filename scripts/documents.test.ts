import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { settingNames } from "#lib/env.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const linesOf = (path: string) => read(path).trimEnd().split("\n");

describe(".env.example", () => {
  const names = [...read(".env.example").matchAll(/^# ?([A-Z][A-Z0-9_]*)=/gm)].map(
    ([, one]) => one,
  );

  it("shows every setting, and none that there is not", () => {
    expect([...names].sort()).toEqual(settingNames().sort());
  });
});

describe("the architecture page", () => {
  it("has a row for every folder of lib, and for no other", () => {
    const rows = linesOf("docs/architecture.md")
      .map((line) => /^\| `([a-z]+)` +\|/.exec(line)?.[1])
      .filter((name) => name !== undefined);
    const folders = readdirSync(join(root, "lib"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(rows.sort()).toEqual(folders.sort());
  });

  it("stays short, as does the contributors' page", () => {
    expect(linesOf("docs/architecture.md").length).toBeLessThan(150);
    expect(linesOf("CONTRIBUTING.md").length).toBeLessThan(120);
  });
});

describe("the pages", () => {
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    ...globSync("docs/**/*.md", { cwd: root }),
  ];

  it("link to files that exist", () => {
    for (const page of pages) {
      for (const [, target = ""] of read(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
        if (!/^https?:/.test(target)) {
          expect([page, target, existsSync(join(root, dirname(page), target))]).toEqual([
            page,
            target,
            true,
          ]);
        }
      }
    }
  });

  it("speak only of commands that there are", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const makefile = read("Makefile");
    for (const page of pages) {
      for (const [, script = ""] of read(page).matchAll(/npm run ([a-z:0-9]+)/g)) {
        expect([page, Object.keys(scripts)]).toEqual([page, expect.arrayContaining([script])]);
      }
      for (const [, target] of read(page).matchAll(/`make ([a-z]+)`|^make ([a-z]+)/gm)) {
        if (target !== undefined) {
          expect([page, makefile]).toEqual([page, expect.stringMatching(`(^|\n)${target}:`)]);
        }
      }
    }
  });

  it("number the decisions without a gap", () => {
    const numbers = globSync("docs/decisions/*.md", { cwd: root })
      .map((path) => Number(/(\d{4})-/.exec(path)?.[1]))
      .sort((left, right) => left - right);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  });
});

describe("the container files", () => {
  const compose = (name: string) => parse(read(`docker/${name}`));

  it.each(["docker-compose.yml", "docker-compose.prod.yml"])(
    "%s sets only what is a setting",
    (name) => {
      const { services } = compose(name);
      const known = new Set(settingNames());
      expect(Object.keys(services).sort()).toEqual(["conduit", "postgres", "redis"]);
      for (const setting of Object.keys(services.conduit.environment)) {
        expect(known).toContain(setting);
      }
      expect(existsSync(join(root, "docker", services.conduit.build.context, "package.json"))).toBe(
        true,
      );
      expect(services.conduit.build.dockerfile).toBe("docker/Dockerfile");
    },
  );

  it("hold no secret for production", () => {
    const { environment } = compose("docker-compose.prod.yml").services.conduit;
    for (const setting of ["CONDUIT_MASTER_KEYS", "CONDUIT_ADMIN_KEY", "AUTH_SECRET"]) {
      expect(environment[setting]).toMatch(/^\$\{[A-Z_]+:\?/);
    }
  });

  it("build the image only from files that the ignore file lets through", () => {
    const allowed = linesOf(".dockerignore").flatMap((line) => /^!(.+)$/.exec(line)?.[1] ?? []);
    const copied = linesOf("docker/Dockerfile")
      .filter((line) => line.startsWith("COPY ") && !line.includes("--from="))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(copied.length).toBeGreaterThan(0);
    for (const path of copied) {
      expect(allowed).toContain(path);
    }
  });
});
