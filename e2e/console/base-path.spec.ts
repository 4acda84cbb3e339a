import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, startServer } from "#lib/testing/process.ts";
import { expect, test } from "./fixtures.ts";

/** A build for a path prefix, behind a proxy that passes the prefix on. */
const root = fileURLToPath(new URL("../../", import.meta.url));
const PREFIX = "/tools/conduit";
const NGINX = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx"].find(existsSync);
const TOKEN = "setup-token-of-the-prefix-test";

test.use({ as: "guest" });

test("everything works below a path prefix, behind nginx", async ({ browser }) => {
  test.skip(NGINX === undefined, "nginx is not installed");
  test.setTimeout(600_000);
  const settings = { CONDUIT_BASE_PATH: PREFIX, CONDUIT_TEST_DIST_DIR: ".next-prefix" };
  build(settings);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = await startServer({
    env: { ...settings, CONDUIT_SETUP_TOKEN: TOKEN, CONDUIT_PUBLIC_URL: `${origin}${PREFIX}` },
  });
  const nginx = await startNginx({ port, upstream: server.url });
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const strays: string[] = [];
  context.on("response", (response) => {
    const url = new URL(response.url());
    if (!url.pathname.startsWith(PREFIX) || response.status() >= 400) {
      strays.push(`${response.status()} ${url.pathname}`);
    }
  });
  try {
    const page = await context.newPage();
    await page.goto(`${origin}${PREFIX}`);
    await expect(page).toHaveURL(`${origin}${PREFIX}/setup`);
    await page.getByLabel("Setup token").fill(TOKEN);
    await page.getByLabel("Name").fill("First admin");
    await page.getByLabel("Email").fill("first@example.com");
    await page.getByRole("textbox", { name: /^Password \(/ }).fill("four random words here");
    await page.getByRole("textbox", { name: /^Password again/ }).fill("four random words here");
    await page.getByRole("button", { name: "Create the administrator" }).click();
    await page.getByRole("button", { name: "Save and continue" }).click();
    await page.getByRole("button", { name: "Add and continue" }).click();
    await page.getByRole("button", { name: "Finish without a key" }).click();
    await expect(page).toHaveURL(`${origin}${PREFIX}/overview`);
    const pages = page.getByRole("navigation", { name: "Pages" });
    for (const name of ["Logs", "Keys", "Models", "Routing", "Budgets", "Teams", "Audit"]) {
      await pages.getByRole("link", { name }).click();
      await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
      expect(new URL(page.url()).pathname).toBe(`${PREFIX}/${name.toLowerCase()}`);
    }
    for (const path of ["/docs", "/redoc", "/openapi.json"]) {
      const reply = await page.goto(`${origin}${PREFIX}${path}`);
      expect(reply?.status(), path).toBe(200);
    }
    expect(strays).toEqual([]);
  } finally {
    await context.close();
    nginx.stop();
    await server.close();
  }
});

function build(settings: Readonly<Record<string, string>>): void {
  // Next writes the folder of a build into these two, which belong to the other one.
  const kept = ["tsconfig.json", "next-env.d.ts"].map((name) => {
    const file = join(root, name);
    return { file, text: existsSync(file) ? readFileSync(file, "utf8") : undefined };
  });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["node_modules/next/dist/bin/next", "build"],
    {
      cwd: root,
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", ...settings },
      encoding: "utf8",
    },
  );
  for (const { file, text } of kept) {
    if (text !== undefined) {
      writeFileSync(file, text);
    }
  }
  expect(status, `${stdout}\n${stderr}`).toBe(0);
}

async function startNginx({
  port,
  upstream,
}: {
  port: number;
  upstream: string;
}): Promise<{ stop: () => void }> {
  const directory = mkdtempSync(join(tmpdir(), "conduit-nginx-"));
  const file = join(directory, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${directory}/${name};`)
    .join("\n  ");
  writeFileSync(
    file,
    `daemon off;
pid ${directory}/pid;
error_log ${directory}/error.log;
events {}
http {
  access_log off;
  ${temporary}
  server {
    listen 127.0.0.1:${port};
    location ${PREFIX} {
      proxy_pass ${upstream};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_buffering off;
    }
    location / { return 404; }
  }
}
`,
  );
  const child: ChildProcess = spawn(NGINX ?? "nginx", ["-p", directory, "-c", file], {
    stdio: "ignore",
  });
  await expect
    .poll(() =>
      fetch(`http://127.0.0.1:${port}/`).then(
        (reply) => reply.status,
        () => 0,
      ),
    )
    .toBe(404);
  return {
    stop: () => {
      child.kill("SIGTERM");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
