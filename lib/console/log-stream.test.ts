import { afterAll, beforeAll, expect, test } from "vitest";
import { logTailQuery, requireLogRequest } from "#lib/contract/log-island.ts";
import { type ConsoleWorld, openConsoleWorld } from "#lib/testing/console-world.ts";
import { makePerson, type PersonActor } from "#lib/testing/people.ts";
import { streamLogs } from "./log-stream.ts";

let world: ConsoleWorld;

beforeAll(async () => {
  world = await openConsoleWorld();
});
afterAll(() => world.close());

function follow(actor: PersonActor, signal: AbortSignal): Response {
  const { filter } = requireLogRequest(logTailQuery.parse({}), { nowMs: Date.now(), zone: "UTC" });
  return streamLogs(actor, { filter, sinceMs: undefined, signal });
}

test("a person follows the log in eight places, and in another when one is left", async () => {
  const [person, other] = [
    await makePerson({ role: "admin" }),
    await makePerson({ role: "member" }),
  ];
  const stops = Array.from({ length: 8 }, () => new AbortController());
  for (const { signal } of stops) {
    follow(person, signal);
  }
  const late = new AbortController();
  const refusal = expect.objectContaining({ code: "rate_limit_exceeded", status: 429 });
  expect(() => follow(person, late.signal)).toThrow(refusal);
  expect(follow(other, late.signal).status).toBe(200);

  stops[0]?.abort();
  expect(follow(person, late.signal).status).toBe(200);
  expect(() => follow(person, late.signal)).toThrow(refusal);

  late.abort();
  for (const stop of stops) {
    stop.abort();
  }
  expect(follow(person, AbortSignal.abort()).status).toBe(200);
});
