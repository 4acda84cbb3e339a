import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { type ConsoleWorld, openConsoleWorld } from "#lib/testing/console-world.ts";
import { openFakeBrowser } from "#lib/testing/fake-browser.ts";
import { makePerson } from "#lib/testing/people.ts";
import { deleteDeployment, updateDeployment } from "./actions.ts";

vi.mock("next/headers", async () => (await import("#lib/testing/fake-browser.ts")).nextHeaders);

let world: ConsoleWorld;

beforeAll(async () => {
  world = await openConsoleWorld();
  await openFakeBrowser().signIn(await makePerson({ role: "admin" }));
  await getSql()`update sessions set stepped_up_until = null`;
});
afterAll(() => world.close());

const UNPROVED = { ok: false, code: "step_up_required" };

test("where requests go changes, and a deployment goes, only after a fresh proof", async () => {
  const id = crypto.randomUUID();
  expect(await updateDeployment({ id, api_base: "https://llm.example.com" })).toMatchObject(
    UNPROVED,
  );
  expect(await updateDeployment({ id, api_key: "a-key" })).toMatchObject(UNPROVED);
  expect(await updateDeployment({ id, name: "another" })).toMatchObject({ code: "not_found" });
  expect(await deleteDeployment({ id })).toMatchObject(UNPROVED);
});
