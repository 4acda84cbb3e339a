import type { APIRequestContext } from "@playwright/test";
import { type Action, type Role, reachOf } from "#lib/catalog/roles.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { recordFigure } from "#lib/testing/tier.ts";
import { expect, test } from "./fixtures.ts";
import {
  type Foreign,
  fillIn,
  findForeign,
  listActions,
  listIslands,
  listPages,
} from "./surface.ts";
import { PEOPLE, type PersonName } from "./world.ts";

const ROLE_OF: Readonly<Record<PersonName, Role>> = {
  admin: "admin",
  lead: "team_admin",
  member: "member",
};

/** A context made without this has the cookies of the test's own. */
const NOBODY = { cookies: [], origins: [] };

/** Neither the lead nor the member belongs to the team whose things are asked for. */
function expectedStatus(role: Role, offer: { can: Action; path: string }): number {
  const reach = reachOf(role, offer.can);
  if (reach === null) {
    return 403;
  }
  return reach !== "all" && /\[(?!type)/.test(offer.path) ? 404 : 200;
}

/**
 * What an endpoint may answer where a page would answer so. Asked without its parameters it may say
 * 400; what counts is that it does not refuse the role, or that it does.
 */
const ALLOWED: Readonly<Record<number, readonly number[]>> = {
  200: [200, 400, 404, 415],
  404: [404, 400],
  403: [403],
};

/** Cells of the matrix that were looked at and held: a route or action, and who called it. */
let cells = 0;

test.afterAll(() => {
  const callers = PEOPLE.length + 1;
  const total = (listPages().length + listIslands().length) * callers;
  recordFigure({
    figure: "S22",
    value: `${cells} of ${total} cells, ${total - cells} leaks`,
    met: cells >= total,
    how: "every page and endpoint of the console × administrator, team admin, member, guest, on own and foreign things",
  });
});

let foreign: Foreign;
test.beforeEach(async ({ sql }) => {
  foreign = await findForeign(sql);
});

test.describe(`${threat("T7")}: every page`, () => {
  for (const offer of listPages()) {
    test(`${offer.path} is open to whom ${offer.can} is given, and to nobody else`, async ({
      playwright,
      world,
    }) => {
      const path = fillIn(offer.path, foreign);
      for (const person of PEOPLE) {
        const request = await playwright.request.newContext({
          baseURL: world.url,
          storageState: world.states[person],
        });
        const reply = await request.get(path);
        const expected = expectedStatus(ROLE_OF[person], offer);
        if (expected === 404 && reply.status() === 200) {
          // A log may have been removed by retention, so its page says that it is not there itself.
          expect(await reply.text(), `${person} at ${path}`).toContain(
            "There is no such log entry",
          );
        } else {
          expect(reply.status(), `${person} at ${path}`).toBe(expected);
        }
        cells += 1;
        await request.dispose();
      }
      const guest = await playwright.request.newContext({
        baseURL: world.url,
        storageState: NOBODY,
      });
      const reply = await guest.get(path, { maxRedirects: 0 });
      expect(reply.status(), `a guest at ${path}`).toBe(307);
      expect(reply.headers()["location"]).toContain("/sign-in?callbackUrl=");
      cells += 1;
      await guest.dispose();
    });
  }
});

test.describe(`${threat("T7")}: every endpoint of the console`, () => {
  for (const offer of listIslands()) {
    test(`${offer.method} ${offer.path} answers whom ${offer.can} is given, and nobody else`, async ({
      playwright,
      world,
    }) => {
      const path = fillIn(offer.path, foreign);
      for (const person of PEOPLE) {
        const request = await playwright.request.newContext({
          baseURL: world.url,
          storageState: world.states[person],
        });
        const status = await statusOf(request, {
          method: offer.method,
          url: `${world.url}${path}`,
        });
        const expected = expectedStatus(ROLE_OF[person], offer);
        expect(ALLOWED[expected], `${person} at ${path}`).toContain(status);
        cells += 1;
        await request.dispose();
      }
      const guest = await playwright.request.newContext({
        baseURL: world.url,
        storageState: NOBODY,
      });
      expect(
        await statusOf(guest, { method: offer.method, url: `${world.url}${path}` }),
        `a guest at ${path}`,
      ).toBe(401);
      cells += 1;
      await guest.dispose();
    });
  }
});

/** The status alone: a stream that never ends is let go of as soon as it has one. */
async function statusOf(
  request: APIRequestContext,
  { method, url }: { method: string; url: string },
): Promise<number> {
  const { cookies } = await request.storageState();
  const controller = new AbortController();
  const reply = await fetch(url, {
    method,
    signal: controller.signal,
    redirect: "manual",
    headers: {
      cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
      origin: new URL(url).origin,
      "content-type": "application/json",
    },
    ...(method === "POST" ? { body: "{}" } : {}),
  });
  controller.abort();
  return reply.status;
}

test.describe(`${threat("T20")}: every server action`, () => {
  const actions = () =>
    listActions().flatMap(({ id, name, can }) => (can === null ? [] : [{ id, name, can }]));

  for (const person of ["lead", "member", "guest"] as const) {
    test(`refuses ${person === "guest" ? "a guest" : `the ${person} what their role has not`}`, async ({
      playwright,
      world,
    }) => {
      const request = await playwright.request.newContext({
        baseURL: world.url,
        storageState: person === "guest" ? NOBODY : world.states[person],
      });
      const refused = actions().filter(
        ({ can }) => person === "guest" || reachOf(ROLE_OF[person], can) === null,
      );
      expect(refused.length).toBeGreaterThan(5);
      for (const { id, name } of refused) {
        const text = await call(request, { id, origin: world.url });
        const code = person === "guest" ? "unauthenticated" : "permission_denied";
        expect(text, `${person} calls ${name}`).toContain(`"code":"${code}"`);
      }
      await request.dispose();
    });
  }

  test("refuses another site", async ({ playwright, world }) => {
    const request = await playwright.request.newContext({
      baseURL: world.url,
      storageState: world.states.admin,
    });
    for (const { id, name } of actions()) {
      const text = await call(request, { id, origin: "https://evil.example" });
      expect(text, `another site calls ${name}`).not.toContain('"ok":true');
    }
    await request.dispose();
  });
});

/** Calls a server action as a browser does, without any of what it asks for. */
async function call(
  request: APIRequestContext,
  { id, origin }: { id: string; origin: string },
): Promise<string> {
  const reply = await request.post("/profile", {
    headers: { "next-action": id, origin, "content-type": "text/plain;charset=UTF-8" },
    data: "[{}]",
  });
  return await reply.text();
}

test(`${threat("T6")}: a session opens no route of the admin API`, async ({
  playwright,
  world,
}) => {
  const request = await playwright.request.newContext({
    baseURL: world.url,
    storageState: world.states.admin,
  });
  for (const path of ["/admin/v1/keys", "/admin/v1/users", "/admin/v1/logs"]) {
    expect((await request.get(path)).status(), path).toBe(401);
  }
  await request.dispose();
});
