import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type FullConfig } from "@playwright/test";
import postgres from "postgres";
import { setup as build } from "../build.ts";
import { givenWorld, PASSWORD, PEOPLE, publishWorlds, startWorlds, type World } from "./world.ts";

/** Starts what the specs look at, once for each worker, signs everybody in, and ends it all afterwards. */
export default async function globalSetup(config: FullConfig): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "conduit-people-"));
  const states = Array.from({ length: config.workers }, (_, at) => ({
    admin: join(folder, `admin-${at}.json`),
    lead: join(folder, `lead-${at}.json`),
    member: join(folder, `member-${at}.json`),
  }));
  const { worlds, stop } = await begin(states);
  publishWorlds(worlds);
  try {
    await signEverybodyIn(worlds, config);
  } catch (error) {
    await stop();
    throw error;
  }
  return async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function begin(
  states: readonly World["states"][],
): Promise<{ worlds: World[]; stop: () => Promise<void> }> {
  const given = states.map(givenWorld).filter((world) => world !== undefined);
  if (given.length > 0) {
    return { worlds: given, stop: () => Promise.resolve() };
  }
  build();
  return await startWorlds(states);
}

async function signEverybodyIn(worlds: readonly World[], config: FullConfig): Promise<void> {
  const use = config.projects[0]?.use;
  const browser = await chromium.launch(use?.launchOptions ?? {});
  try {
    for (const world of worlds) {
      for (const person of PEOPLE) {
        await signIn(browser, world, person);
      }
      await keepProof(world);
    }
  } finally {
    await browser.close();
  }
}

/** The suite takes longer than a proof of identity lasts; its own specs test that it ends. */
async function keepProof({ databaseUrl }: World): Promise<void> {
  if (databaseUrl === null) {
    return;
  }
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  const emails = PEOPLE.map((person) => `${person}@example.com`);
  await sql`update sessions set stepped_up_until = now() + interval '3 hours'
    where revoked_at is null and user_id in (select id from users where email in ${sql(emails)})`;
  await sql.end();
}

async function signIn(
  browser: Browser,
  world: World,
  person: (typeof PEOPLE)[number],
): Promise<void> {
  const context = await browser.newContext({
    baseURL: world.url,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
  });
  const page = await context.newPage();
  await page.goto(`${world.url}/sign-in`);
  await page.getByLabel("Email").fill(`${person}@example.com`);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"), {
    timeout: 60_000,
    waitUntil: "commit",
  });
  await context.storageState({ path: world.states[person] });
  await context.close();
}
