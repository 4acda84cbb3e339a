import { singleton } from "#lib/singleton.ts";
import { databaseKind } from "./client.ts";
import { isDatabaseAway } from "./outage.ts";
import { databaseAway, isDatabaseUp, noteAnswer, noteSilence } from "./reach.ts";

interface Bounds {
  /** Questions at once; the rest of the pool is for the configuration and for administrators. */
  places: number;
  /** How long a question may wait for its place. */
  placeMs: number;
  /** How long it may take from then on. */
  answerMs: number;
}

/** The embedded database has one connection for everything, so that waiting for it is no fault. */
const BOUNDS = {
  postgres: { places: 6, placeMs: 250, answerMs: 500 },
  embedded: { places: 64, placeMs: 30_000, answerMs: 30_000 },
} as const satisfies Record<string, Bounds>;

interface Gate {
  taken: number;
  waiting: Set<() => void>;
}

function gate(): Gate {
  return singleton("database-request-gate", () => ({ taken: 0, waiting: new Set() }));
}

/**
 * A question that a request waits for: gives the answer, or throws `not_ready` (503) when no place
 * is free for 250 ms, when the answer takes longer than 500 ms (half a minute when embedded), and at
 * once while the database is known to be away. Errors of the statement itself are thrown as they are. What is asked may still be
 * carried out after the caller has given up.
 */
export async function askInRequest<T>(ask: () => Promise<T>): Promise<T> {
  if (!isDatabaseUp()) {
    throw databaseAway();
  }
  const bounds = BOUNDS[databaseKind()];
  await takePlace(bounds);
  // The place is given back when the query has really ended, for until then it has its connection.
  const asked = begin(ask).finally(givePlace);
  try {
    const answer = await within(asked, bounds.answerMs);
    noteAnswer();
    return answer;
  } catch (error) {
    if (error === LATE || isDatabaseAway(error)) {
      noteSilence(error);
      throw databaseAway(error);
    }
    throw error;
  }
}

/** What is thrown before anything was asked comes the same way as what is thrown afterwards. */
async function begin<T>(ask: () => Promise<T>): Promise<T> {
  return await ask();
}

const LATE = new Error("The database did not answer in time.");

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    // After a stall of the event loop the timer comes before the answer that is already there; one
    // more turn lets the answer win.
    timer = setTimeout(() => setImmediate(fail, LATE), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function takePlace({ places, placeMs }: Bounds): Promise<void> {
  const held = gate();
  if (held.taken < places) {
    held.taken += 1;
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      held.waiting.delete(enter);
      noteSilence(LATE);
      reject(databaseAway(LATE));
    }, placeMs);
    function enter(): void {
      clearTimeout(timer);
      resolve();
    }
    held.waiting.add(enter);
  });
}

/** A place goes to who has waited longest, and is free only when nobody waits. */
function givePlace(): void {
  const held = gate();
  const [next] = held.waiting;
  if (next === undefined) {
    held.taken -= 1;
    return;
  }
  held.waiting.delete(next);
  next();
}
