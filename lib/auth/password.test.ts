import { expect, test } from "vitest";
import { getSingleton } from "#lib/singleton.ts";
import { hashPassword, verifyPassword } from "./password.ts";

test("a hash opens for its password alone, with the figures that are asked for", async () => {
  const stored = await hashPassword("correct horse battery");
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(stored).not.toBe(await hashPassword("correct horse battery"));
  expect(await verifyPassword(stored, "correct horse battery")).toBe(true);
  expect(await verifyPassword(stored, "correct horse batterz")).toBe(false);
});

test("without a stored hash the answer is no, after the same work", async () => {
  const stored = await hashPassword("correct horse battery");
  await verifyPassword(null, "warm up");
  const known = await time(() => verifyPassword(stored, "wrong"));
  const unknown = await time(() => verifyPassword(null, "wrong"));
  expect(await verifyPassword(null, "wrong")).toBe(false);
  expect(unknown).toBeGreaterThan(known / 3);
  expect(unknown).toBeLessThan(known * 3);
});

/** The shortest of several runs: other work on the machine only ever adds. */
async function time(work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let at = 0; at < 7; at += 1) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

test("no more than four are hashed at once, and all come to their turn", async () => {
  const work = Array.from({ length: 12 }, (_, at) => hashPassword(`password number ${at}`));
  let most = 0;
  const watch = setInterval(() => {
    const { inside = 0 } = getSingleton<{ inside: number }>("auth.hashing") ?? {};
    most = Math.max(most, inside);
  }, 1);
  expect(new Set(await Promise.all(work)).size).toBe(12);
  clearInterval(watch);
  expect(most).toBe(4);
  expect(getSingleton<{ inside: number }>("auth.hashing")?.inside).toBe(0);
});
