import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { NAV } from "./_ui/shell/nav.ts";

/** What every page, action and endpoint of the console has to be made of, so that none is left open. */
const app = fileURLToPath(new URL(".", import.meta.url));
const files = (pattern: string) => globSync(pattern, { cwd: app }).sort();
const read = (file: string) => readFileSync(`${app}${file}`, "utf8");

/** Pages that are reached otherwise than by the list of pages. */
const ELSEWHERE = ["profile"];

describe("every page of the console", () => {
  test.each(files("(console)/**/page.tsx"))("%s names who may open it", (file) => {
    const layout = `${file.split("/").slice(0, 2).join("/")}/layout.tsx`;
    const own = read(file);
    const text = own.includes("requireViewer(") || files(layout).length === 0 ? own : read(layout);
    expect(text).toMatch(/await requireViewer\("[a-z_.]+"\)/);
  });

  test("is in the list of pages, and the list leads nowhere else", () => {
    const folders = new Set(files("(console)/*/**/page.tsx").map((file) => file.split("/")[1]));
    const listed = NAV.map(({ href }) => href.slice(1));
    expect([...listed, ...ELSEWHERE].sort()).toEqual([...folders].sort());
  });

  test.each(NAV)("$label asks for the same as its row in the list", ({ href, can }) => {
    const folder = `(console)${href}`;
    const text = files(`${folder}/{page,layout}.tsx`).map(read).join("\n");
    expect(text).toContain(`requireViewer("${can}")`);
  });
});

describe("every server action", () => {
  const exported = /^export (?:const (\w+) = (\w+)|(?:async )?function (\w+))/gm;

  test.each(files("(console)/**/actions.ts"))("%s is made by defineAction", (file) => {
    const made = [...read(file).matchAll(exported)]
      .map(([, name, maker]) => ({ name, maker: maker ?? "a function" }))
      // It asks for the password itself, of somebody whose session has ended.
      .filter(({ name }) => name !== "signInAgain");
    expect(made.length).toBeGreaterThan(0);
    expect(made.filter(({ maker }) => maker !== "defineAction")).toEqual([]);
  });

  test("is in a file called actions", () => {
    const others = files("**/*.{ts,tsx}").filter(
      (file) => !file.endsWith("actions.ts") && /^["']use server["']/m.test(read(file)),
    );
    expect(others.filter((file) => !file.endsWith(".test.ts"))).toEqual([]);
  });
});

test.each(files("api/console/**/route.ts"))("%s is made by defineIsland", (file) => {
  const methods = [...read(file).matchAll(/^export .*\b(?:GET|POST|PUT|PATCH|DELETE)\b.*/gm)];
  expect(methods.length).toBeGreaterThan(0);
  for (const [line] of methods) {
    expect(line).toMatch(/^export const (?:GET|POST) = defineIsland/);
  }
});
