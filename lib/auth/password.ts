import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { singleton } from "#lib/singleton.ts";

/** Argon2id is the package's default algorithm; these are OWASP's least figures for it. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Each hash takes 19 MiB and a core: a flood of sign-ins must not take the gateway's. */
const AT_ONCE = 4;

/** The hash of a password, in the PHC string format. */
export async function hashPassword(password: string): Promise<string> {
  return await inTurn(() => hash(password, OPTIONS));
}

/**
 * Whether `password` is the one behind `stored`. Without a stored hash it takes just as long and
 * says no, so that the time of an answer does not tell which accounts exist.
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  if (stored === null) {
    const dummy = await dummyHash();
    await inTurn(() => verify(dummy, password));
    return false;
  }
  return await inTurn(() => verify(stored, password));
}

/** Makes the dummy hash ahead of the first sign-in, which would otherwise take twice as long. */
function dummyHash(): Promise<string> {
  return singleton("auth.dummy-hash", () => hash(randomBytes(16), OPTIONS));
}

interface Turnstile {
  inside: number;
  waiting: (() => void)[];
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turnstile = singleton<Turnstile>("auth.hashing", () => ({ inside: 0, waiting: [] }));
  if (turnstile.inside >= AT_ONCE) {
    // Whoever leaves hands the place over, so `inside` stays as it is.
    await new Promise<void>((resolve) => turnstile.waiting.push(resolve));
  } else {
    turnstile.inside += 1;
  }
  try {
    return await work();
  } finally {
    const next = turnstile.waiting.shift();
    if (next === undefined) {
      turnstile.inside -= 1;
    } else {
      next();
    }
  }
}
