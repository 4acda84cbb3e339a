import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import postgres, { type Sql } from "postgres";
import { adminOf, type Gateway } from "#lib/testing/gateway.ts";
import { type PersonName, readWorld, type World } from "./world.ts";

type Admin = Pick<Gateway, "admin" | "addDeployment" | "addKey" | "adminKey">;

/** What went wrong in a browser beside what the test looks at. */
export interface Problems {
  /** Lets problems pass whose text matches, as a 403 that a test provokes. */
  allow: (pattern: RegExp) => void;
  /** Watches another context too. */
  watch: (context: BrowserContext) => void;
}

interface Options {
  /** Who is signed in; `test.use({ as: "member" })`. */
  as: PersonName | "guest";
}

interface Fixtures {
  world: World;
  problems: Problems;
  /** The admin API under the admin key. */
  api: Admin;
  /** The server's database, to look at or to prepare rows; skips the test on a given server without one. */
  sql: Sql;
  /** A page of somebody else in a browser of their own: `await pageAs("member")`. */
  pageAs: (person: PersonName | "guest") => Promise<Page>;
}

/**
 * `test` of every spec of the console. `page` is signed in as `as`, its addresses are relative to the
 * server (`page.goto("/logs")`), and a test fails on any error in the browser's console, any unhandled
 * rejection, any hydration warning, and any request to another origin.
 */
export const test = base.extend<Options & Fixtures>({
  as: ["admin", { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs.
  world: async ({}, use) => {
    await use(readWorld());
  },
  baseURL: async ({ world }, use) => {
    await use(world.url);
  },
  storageState: async ({ world, as }, use) => {
    await use(as === "guest" ? { cookies: [], origins: [] } : world.states[as]);
  },
  page: async ({ page }, use) => {
    await use(waitingForLife(page));
  },
  problems: [
    async ({ context, world }, use) => {
      const found: string[] = [];
      const allowed: RegExp[] = [];
      const watch = (watched: BrowserContext) => watchContext(watched, world.url, found);
      watch(context);
      await use({ allow: (pattern) => allowed.push(pattern), watch });
      const left = found.filter((text) => !allowed.some((pattern) => pattern.test(text)));
      expect(left, "what the browser complained about").toEqual([]);
    },
    { auto: true },
  ],
  api: async ({ world }, use) => {
    await use(adminOf(world.url, world.adminKey));
  },
  sql: async ({ world }, use, testInfo) => {
    if (world.databaseUrl === null) {
      testInfo.skip(true, "The given server's database is not known; set DATABASE_URL.");
      return;
    }
    const sql = postgres(world.databaseUrl, { max: 2, onnotice: () => undefined });
    await use(sql);
    await sql.end();
  },
  pageAs: async ({ browser, world, problems }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (person) => {
      const context = await browser.newContext({
        baseURL: world.url,
        locale: "en-GB",
        timezoneId: "Europe/Berlin",
        storageState: person === "guest" ? { cookies: [], origins: [] } : world.states[person],
      });
      contexts.push(context);
      problems.watch(context);
      return waitingForLife(await context.newPage());
    });
    for (const context of contexts) {
      await context.close();
    }
  },
});

export { expect };

/** The same page; what it is led to, it also waits for until the page listens. */
function waitingForLife(page: Page): Page {
  const goto = page.goto.bind(page);
  const reload = page.reload.bind(page);
  page.goto = async (...args) => {
    const reply = await goto(...args);
    await untilAlive(page);
    return reply;
  };
  page.reload = async (...args) => {
    const reply = await reload(...args);
    await untilAlive(page);
    return reply;
  };
  return page;
}

/**
 * Waits until React has taken every control over that the server sent: before that a click is lost,
 * and nothing on the page shows it. A page without React, or one that leads on, is not waited for.
 */
async function untilAlive(page: Page): Promise<void> {
  const wait = page.evaluate(async (limitMs) => {
    const controls = "main button, main input, main [role=combobox], header button";
    const isAlive = () =>
      [...document.querySelectorAll(controls)].every((control) =>
        Object.keys(control).some((name) => name.startsWith("__react")),
      );
    const deadline = performance.now() + limitMs;
    while (!isAlive() && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }, 5_000);
  await wait.catch(() => undefined);
}

/** Next's own tools while developing, and the empty icon. */
const HARMLESS = /Download the React DevTools|\[Fast Refresh\]|\[HMR\]/;

function watchContext(context: BrowserContext, url: string, found: string[]): void {
  const own = new Set([new URL(url).host, "console.test"]);
  context.on("console", (message) => {
    const text = message.text();
    const isWarning = message.type() === "warning" && /hydrat|did not match/i.test(text);
    if ((message.type() === "error" || isWarning) && !HARMLESS.test(text)) {
      found.push(`console: ${text} (${message.location().url})`);
    }
  });
  context.on("weberror", (error) => {
    found.push(`uncaught: ${error.error().message}`);
  });
  context.on("request", (request) => {
    const asked = new URL(request.url());
    const isWeb = /^(?:https?|wss?):$/.test(asked.protocol);
    if (isWeb && !own.has(asked.host) && asked.hostname !== "console.test") {
      found.push(`request to another origin: ${request.url()}`);
    }
  });
}

/** No violation of any rule of axe, of any impact, or of `rules` alone. */
export async function expectAccessible(
  page: Page,
  { include, rules }: { include?: string; rules?: readonly string[] } = {},
): Promise<void> {
  // No page has a frame, for which axe would open a page of its own each time.
  const builder = new AxeBuilder({ page }).setLegacyMode();
  if (include !== undefined) {
    builder.include(include);
  }
  if (rules !== undefined) {
    builder.withRules([...rules]);
  }
  const { violations } = await builder.analyze();
  const told = violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map(({ target, failureSummary }) => `  ${target.join(" ")}\n    ${failureSummary?.replaceAll("\n", "\n    ")}`).join("\n")}`,
  );
  expect(told.join("\n\n")).toBe("");
}

/** The document itself never scrolls sideways, however narrow it is. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { wide, narrow } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    narrow: document.documentElement.clientWidth,
  }));
  expect(wide, "the document's width").toBeLessThanOrEqual(narrow);
}
