import { afterAll, beforeAll, expect, test } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { type ConsoleWorld, openConsoleWorld } from "#lib/testing/console-world.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { accountWaitMs, addressWaitMs, admitTry, networkOf } from "./throttle.ts";

let world: ConsoleWorld;

beforeAll(async () => {
  world = await openConsoleWorld();
});
afterAll(async () => {
  await world.close();
});

const MINUTE = 60_000;

async function fail(email: string, ip: string | null, times: number): Promise<boolean[]> {
  const admitted: boolean[] = [];
  for (let at = 0; at < times; at += 1) {
    admitted.push((await admitTry({ email, ip })).admitted);
  }
  return admitted;
}

test(`${threat("T17")}: the sixth try after five failures has to wait, from whatever address`, async () => {
  expect(await fail("one@example.com", "192.0.2.1", 5)).toEqual(Array(5).fill(true));
  const sixth = await admitTry({ email: "one@example.com", ip: "198.51.100.9" });
  expect(sixth).toEqual({ admitted: false, waitMs: expect.any(Number) });
  expect(await fail("two@example.com", "192.0.2.1", 1)).toEqual([true]);
});

test(`${threat("T17")}: a success clears the account's failures`, async () => {
  await fail("three@example.com", null, 4);
  const fifth = await admitTry({ email: "three@example.com", ip: null });
  expect(fifth.admitted).toBe(true);
  if (fifth.admitted) {
    await fifth.succeed();
  }
  expect(await fail("three@example.com", null, 5)).toEqual(Array(5).fill(true));
});

test(`${threat("T17")}: refused tries do not make the wait longer`, async () => {
  await fail("four@example.com", null, 5);
  const first = await admitTry({ email: "four@example.com", ip: null });
  await fail("four@example.com", null, 10);
  const later = await admitTry({ email: "four@example.com", ip: null });
  expect(later.admitted || first.admitted).toBe(false);
  if (!later.admitted && !first.admitted) {
    expect(later.waitMs).toBeLessThanOrEqual(first.waitMs);
  }
});

test(`${threat("T17")}: tries at the same time do not slip through together`, async () => {
  const tries = await Promise.all(
    Array.from({ length: 30 }, () => admitTry({ email: "five@example.com", ip: null })),
  );
  expect(tries.filter(({ admitted }) => admitted).length).toBeLessThanOrEqual(5);
});

test(`${threat("T17")}: an address may fail twenty times a minute over all accounts, an IPv6 network as one`, async () => {
  const admitted: boolean[] = [];
  for (let at = 0; at < 21; at += 1) {
    const ip = `2001:db8:1:2::${at.toString(16)}`;
    admitted.push((await admitTry({ email: `person-${at}@example.com`, ip })).admitted);
  }
  expect(admitted).toEqual([...Array(20).fill(true), false]);
  expect((await admitTry({ email: "x@example.com", ip: "2001:db8:1:3::1" })).admitted).toBe(true);
});

test(`${threat("T17")}: no address is stored in the clear where an account is meant`, async () => {
  await fail("secret@example.com", null, 1);
  const rows = await getSql()<{ subject: string }[]>`select subject from sign_in_failures`;
  expect(rows.some(({ subject }) => subject.includes("secret@example.com"))).toBe(false);
});

test(`${threat("T17")}: an account gives no more than twenty guesses an hour`, () => {
  const failures: number[] = [];
  for (let now = 0; now < 180 * MINUTE; now += 1000) {
    const recent = failures.filter((at) => at > now - 60 * MINUTE);
    if (accountWaitMs(recent, now) === 0) {
      failures.unshift(now);
    }
  }
  for (const end of failures) {
    expect(failures.filter((at) => at <= end && at > end - 60 * MINUTE).length).toBeLessThan(21);
  }
  expect(failures.length).toBeGreaterThan(20);
});

test(`${threat("T17")}: waits double with every failure and end at a quarter of an hour`, () => {
  const now = 100 * MINUTE;
  const failed = (count: number) => Array.from({ length: count }, () => now);
  expect(accountWaitMs(failed(4), now)).toBe(0);
  expect(accountWaitMs(failed(5), now)).toBe(MINUTE);
  expect(accountWaitMs(failed(6), now)).toBe(2 * MINUTE);
  expect(accountWaitMs(failed(12), now)).toBe(15 * MINUTE);
  expect(accountWaitMs(failed(20), now)).toBe(60 * MINUTE);
  expect(addressWaitMs(failed(19), now)).toBe(0);
  expect(addressWaitMs(failed(20), now)).toBe(MINUTE);
});

test(`${threat("T17")}: an address is a host in IPv4 and a subscriber's network in IPv6`, () => {
  expect(networkOf("192.0.2.1")).toBe("192.0.2.1");
  expect(networkOf("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(networkOf("2001:db8:1:2:ffff::1")).toBe("2001:db8:1:2::/64");
  expect(networkOf(null)).toBeUndefined();
  expect(networkOf("nonsense")).toBeUndefined();
});
