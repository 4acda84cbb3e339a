import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { type ConsoleWorld, openConsoleWorld } from "#lib/testing/console-world.ts";
import { openFakeBrowser } from "#lib/testing/fake-browser.ts";
import { makePerson } from "#lib/testing/people.ts";
import { inviteMembers, setSuspended } from "./actions.ts";

vi.mock("next/headers", async () => (await import("#lib/testing/fake-browser.ts")).nextHeaders);

let world: ConsoleWorld;

beforeAll(async () => {
  world = await openConsoleWorld();
  await openFakeBrowser().signIn(await makePerson({ role: "admin" }));
  await getSql()`update sessions set stepped_up_until = null`;
});
afterAll(() => world.close());

const UNPROVED = { ok: false, code: "step_up_required" };

test("an administrator is invited, and anybody suspended, only after a fresh proof", async () => {
  const invite = (role: string) =>
    inviteMembers({ emails: ["somebody@example.com"], role, teams: [] });
  expect(await invite("admin")).toMatchObject(UNPROVED);
  expect(await invite("member")).toMatchObject({ ok: true });
  expect(await setSuspended({ id: crypto.randomUUID(), is_suspended: true })).toMatchObject(
    UNPROVED,
  );
});
