import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import postgres from "postgres";
import { adminOf, startGateway } from "#lib/testing/gateway.ts";
import { machineFacts } from "../machine.ts";
import { measureGaps, measurePage, type PageResult, percentileOf } from "./measure.ts";
import { type KnownValues, pageCases } from "./pages.ts";

/**
 * How long the console's pages take on a large log, and whether a report slows streams down.
 *
 * Seed a database of its own first, then name it; its people are those of the seed:
 *   DATABASE_URL=postgres://…/million npm run db:seed -- --rows 1000000 --places 4
 *   DATABASE_URL=postgres://…/million npm run bench:console -- --save
 *
 * --tries=20     answers per page
 * --seconds=20   length of each measurement of streams
 * --only=usage   only pages whose name has this in it
 * --save         writes results.md beside this file
 */
const { values } = parseArgs({
  options: {
    tries: { type: "string", default: "20" },
    seconds: { type: "string", default: "20" },
    only: { type: "string", default: "" },
    save: { type: "boolean", default: false },
  },
});

const EMAIL = "admin@example.com";
const PASSWORD = "conduit-demo-password";
const STREAM_MODEL = "sandbox-echo";

const databaseUrl = process.env["DATABASE_URL"];
if (databaseUrl === undefined) {
  throw new Error("DATABASE_URL has to name a seeded database.");
}
const server = await startGateway({
  env: {
    DATABASE_URL: databaseUrl,
    NODE_ENV: "production",
    CONDUIT_ENV: "production",
    ...secretsOf(process.env),
  },
  nodeFlags: ["--max-semi-space-size=16", "--heap-growing-percent=30"],
});
try {
  const cookie = await signIn(server.url);
  const known = await readKnown(databaseUrl);
  const pages: PageResult[] = [];
  for (const page of pageCases(known).filter(({ name }) => name.includes(values.only))) {
    const result = await measurePage({ url: server.url, cookie }, page, Number(values.tries));
    console.log(`${result.name}: p50 ${ms(result.p50Ms)}, p95 ${ms(result.p95Ms)}`);
    pages.push(result);
  }
  const gaps = await measureStreams(cookie);
  const report = reportOf(pages, gaps);
  console.log(report);
  if (values.save) {
    writeFileSync(new URL("results.md", import.meta.url), report);
  }
} finally {
  await server.close();
}

/** A database keeps secrets that only its own master keys open. */
function secretsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ["CONDUIT_MASTER_KEYS", "AUTH_SECRET", "CONDUIT_ADMIN_KEY"];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

/** Signs in as a person does, and takes the cookie. */
async function signIn(url: string): Promise<string> {
  const executablePath = process.env["PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH"] ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const context = await browser.newContext({ timezoneId: "Europe/Berlin" });
    const page = await context.newPage();
    await page.goto(`${url}/sign-in`);
    await page.getByLabel("Email").fill(EMAIL);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL((at) => !at.pathname.startsWith("/sign-in"), { timeout: 60_000 });
    const cookies = await context.cookies();
    return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  } finally {
    await browser.close();
  }
}

async function readKnown(url: string): Promise<KnownValues> {
  const sql = postgres(url, { max: 1 });
  try {
    const [row] = await sql<KnownValues[]>`
      select id as "requestId", key_id as "keyId", user_id as "userId", team_id as "teamId",
        session as "session"
      from request_logs
      where created_at > now() - interval '20 days' and team_id is not null
        and session is not null and attempt_count > 1
      limit 1`;
    if (row === undefined) {
      throw new Error("The database has no requests; seed it first.");
    }
    return row;
  } finally {
    await sql.end();
  }
}

/** The gaps between the words of a stream, while nobody looks and while somebody reads a report. */
async function measureStreams(cookie: string): Promise<{ idle: number[]; busy: number[] }> {
  const { addKey } = adminOf(server.url, server.adminKey);
  const { key } = await addKey({ alias: `bench-${Date.now()}`, allowed_models: [STREAM_MODEL] });
  const gateway = { url: server.url, key };
  const streams = { seconds: Number(values.seconds), model: STREAM_MODEL };
  const idle = await measureGaps(gateway, streams);
  const stop = new AbortController();
  const reader = readReports(cookie, stop.signal);
  const busy = await measureGaps(gateway, streams);
  stop.abort();
  await reader;
  return { idle, busy };
}

async function readReports(cookie: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const reply = await fetch(`${server.url}/usage?range=30d&group=key`, { headers: { cookie } });
    await reply.text();
  }
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function reportOf(
  pages: readonly PageResult[],
  { idle, busy }: { idle: readonly number[]; busy: readonly number[] },
): string {
  const rows = pages.map(
    ({ name, p50Ms, p95Ms, wantedMs }) =>
      `| ${name} | ${ms(p50Ms)} | ${ms(p95Ms)} | ${ms(wantedMs)} | ${p95Ms <= wantedMs ? "yes" : "no"} |`,
  );
  const gap = (gaps: readonly number[]) =>
    `${ms(percentileOf(gaps, 0.5))} | ${ms(percentileOf(gaps, 0.99))} | ${gaps.length}`;
  return `# Results of the console's benchmark

Written by \`npm run bench:console -- --save\`; see run.ts for what it does.

${machineFacts().join("\n")}
- Load of the machine over the last minute, this measurement included: ${loadText()}
- A production build, signed in as an administrator, one request at a time, whole answers.
- ${values.tries} tries after two to warm up; the data is \`npm run db:seed\` with 1,000,000 requests.

## Pages

| Answer | p50 | p95 | Wanted | Met |
| --- | --- | --- | --- | --- |
${rows.join("\n")}

## Streams while a report of 30 days is read over and over

Milliseconds between the words of a stream whose upstream sends one every 5 ms.

| | p50 | p99 | Gaps |
| --- | --- | --- | --- |
| nobody looks | ${gap(idle)} |
| reports run | ${gap(busy)} |
`;
}

function loadText(): string {
  return loadavg()[0]?.toFixed(1) ?? "unknown";
}
