import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("./walls.ts", import.meta.url));
const made: string[] = [];

afterEach(() => {
  for (const directory of made.splice(0)) {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** Runs the walls over a small tree; every file not listed as importing stands alone. */
function runOver(imports: readonly (readonly [string, string])[], filler = 60) {
  const root = mkdtempSync(join(tmpdir(), "conduit-walls-"));
  made.push(root);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write(
    "package.json",
    JSON.stringify({
      name: "walls-under-test",
      type: "module",
      imports: { "#lib/*": "./lib/*", "#drizzle/*": "./drizzle/*" },
    }),
  );
  for (let index = 0; index < filler; index += 1) {
    write(`lib/filler/part-${index}.ts`, "export {};\n");
  }
  for (const [, to] of imports) {
    write(to, "export const value = 1;\nexport interface Shape {}\n");
  }
  for (const from of new Set(imports.map(([one]) => one))) {
    const lines = imports
      .filter(([one]) => one === from)
      .map(([, to], at) => `import { value as v${at} } from "${specifier(from, to)}";`);
    write(from, `${lines.join("\n")}\nexport const value = 1;\n`);
  }
  const run = spawnSync(process.execPath, [script], { cwd: root, encoding: "utf8" });
  return { status: run.status, output: run.stdout + run.stderr };
}

function specifier(from: string, to: string): string {
  const up = "../".repeat(from.split("/").length - 1) || "./";
  return /^(lib|drizzle)\//.test(to) ? `#${to}` : `${up}${to}`;
}

const FORBIDDEN: [rule: string, from: string, to: string][] = [
  ["floor", "lib/one.ts", "lib/contract/chat.ts"],
  ["shapes", "lib/contract/chat.ts", "lib/env.ts"],
  ["shapes", "lib/catalog/roles.ts", "lib/db/client.ts"],
  ["schema", "drizzle/schema/keys.ts", "lib/ids.ts"],
  ["db", "lib/db/keys.ts", "lib/auth/api-key.ts"],
  ["redis", "lib/redis/client.ts", "lib/db/client.ts"],
  ["room", "lib/auth/api-key.ts", "lib/limits/admit.ts"],
  ["room", "lib/routing/plan.ts", "lib/gateway/handle.ts"],
  ["room", "lib/ledger/record.ts", "drizzle/schema/logs.ts"],
  ["room-tests", "lib/cache/lookup.test.ts", "lib/auth/api-key.ts"],
  ["codec", "lib/providers/codec/chunks.ts", "lib/providers/wires/openai.ts"],
  ["wire", "lib/providers/wires/mistral.ts", "lib/providers/wires/openai.ts"],
  ["wire", "lib/providers/wires/gemini/encode.ts", "lib/providers/call.ts"],
  ["gateway", "lib/gateway/handle.ts", "lib/console/keys.ts"],
  ["console", "lib/console/keys.ts", "lib/gateway/start.ts"],
  ["console", "lib/console/keys.ts", "app/page.tsx"],
  ["machine-door", "server.ts", "lib/auth/api-key.ts"],
  ["machine-door", "app/v1/models/route.ts", "lib/db/client.ts"],
  ["documents", "app/docs/route.ts", "lib/console/keys.ts"],
  ["command-line", "scripts/seed.ts", "lib/auth/api-key.ts"],
  ["benchmark", "bench/run.ts", "lib/gateway/start.ts"],
  ["console-page", "app/(console)/keys/page.tsx", "lib/db/keys.ts"],
  ["console-page", "app/(console)/keys/actions.ts", "app/(console)/teams/form.tsx"],
  ["admin-route", "app/admin/v1/keys/route.ts", "lib/db/keys.ts"],
  ["admin-route", "app/admin/v1/keys/route.ts", "app/admin/v1/teams/route.ts"],
  ["api-route", "app/api/console/tail/route.ts", "lib/limits/admit.ts"],
  ["entry-page", "app/layout.tsx", "lib/db/client.ts"],
  ["component", "app/(console)/keys/table.tsx", "lib/console/keys.ts"],
  ["shared-component", "app/_ui/badge.tsx", "app/(console)/keys/table.tsx"],
  ["end-to-end", "e2e/sdk/chat.spec.ts", "lib/gateway/start.ts"],
  ["test-kit-in-tests-only", "lib/gateway/start.ts", "lib/testing/database.ts"],
];

const ALLOWED: [from: string, to: string][] = [
  ["lib/log.ts", "lib/env.ts"],
  ["lib/contract/chat.ts", "lib/money.ts"],
  ["drizzle/schema/keys.ts", "drizzle/schema/columns.ts"],
  ["lib/db/keys.ts", "drizzle/schema/teams.ts"],
  ["lib/auth/api-key.ts", "lib/db/keys.ts"],
  ["lib/auth/api-key.test.ts", "lib/testing/database.ts"],
  ["lib/providers/wires/mistral.ts", "lib/providers/codec/chunks.ts"],
  ["lib/providers/wires/gemini/encode.ts", "lib/providers/wires/gemini/parts.ts"],
  ["lib/providers/wires/openai-errors.ts", "lib/providers/wires/openai.ts"],
  ["lib/providers/wires/index.ts", "lib/providers/wires/openai.ts"],
  ["lib/providers/call.ts", "lib/providers/wires/index.ts"],
  ["lib/gateway/handle.ts", "lib/routing/plan.ts"],
  ["server.ts", "lib/gateway/start.ts"],
  ["app/admin/v1/keys/route.ts", "lib/console/keys.ts"],
  ["app/(console)/keys/page.tsx", "app/(console)/keys/table.tsx"],
  ["scripts/migrate.ts", "lib/db/migrate.ts"],
];

describe("the walls", () => {
  it("let through what the law allows", () => {
    const run = runOver(ALLOWED);
    expect(run.output).toContain("0 violations");
    expect(run.status).toBe(0);
  });

  it("catch a forbidden import in every row of the law", () => {
    const run = runOver(FORBIDDEN.map(([, from, to]) => [from, to] as const));
    for (const [rule, from, to] of FORBIDDEN) {
      expect(run.output).toContain(`${rule}: ${from} → ${to}\n`);
    }
    expect(run.status).toBe(1);
  });

  it("catch a room that knows another by a type alone", () => {
    const run = runOver([["lib/a.ts", "lib/b.ts"]]);
    expect(run.status).toBe(0);
    const root = made[0] ?? "";
    mkdirSync(join(root, "lib/auth"), { recursive: true });
    mkdirSync(join(root, "lib/limits"), { recursive: true });
    writeFileSync(join(root, "lib/limits/admit.ts"), "export interface Shape { a: 1 }\n");
    writeFileSync(
      join(root, "lib/auth/api-key.ts"),
      'import type { Shape } from "#lib/limits/admit.ts";\nexport type Mine = Shape;\n',
    );
    const again = spawnSync(process.execPath, [script], { cwd: root, encoding: "utf8" });
    expect(again.stderr).toContain("room: lib/auth/api-key.ts → lib/limits/admit.ts");
    expect(again.status).toBe(1);
  });

  it("catch a cycle", () => {
    const run = runOver([
      ["lib/ledger/price.ts", "lib/ledger/record.ts"],
      ["lib/ledger/record.ts", "lib/ledger/price.ts"],
    ]);
    expect(run.output).toContain("no-cycles: lib/ledger/price.ts");
    expect(run.status).toBe(1);
  });

  it("catch packages where they may not be", () => {
    const run = runOver([
      ["lib/routing/health.ts", "node_modules/undici/index.ts"],
      ["lib/contract/chat.ts", "node_modules/pino/index.ts"],
      ["drizzle/schema/keys.ts", "node_modules/zod/index.ts"],
      ["lib/db/client.ts", "node_modules/next/index.ts"],
    ]);
    expect(run.output).toContain("one-way-out: lib/routing/health.ts");
    expect(run.output).toContain("shapes-packages: lib/contract/chat.ts");
    expect(run.output).toContain("schema-packages: drizzle/schema/keys.ts");
    expect(run.output).toContain("next-at-the-doors: lib/db/client.ts");
    expect(run.status).toBe(1);
  });

  it("fail when they saw almost nothing", () => {
    const run = runOver([], 3);
    expect(run.output).toContain("Only 3 modules were read");
    expect(run.status).toBe(1);
  });
});
