import ipaddr from "ipaddr.js";
import { sharedNow } from "#lib/clock.ts";
import { tokenDigest } from "#lib/crypto.ts";
import { getDb } from "#lib/db/client.ts";
import {
  deleteFailures,
  deleteFailuresBefore,
  deleteFailuresOf,
  type FailureRow,
  insertFailures,
  listFailures,
} from "#lib/db/sign-in-failures.ts";
import { newId } from "#lib/ids.ts";
import { authKey } from "./session.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** An account may fail so often in a quarter of an hour before it has to wait. */
const ACCOUNT_FAILURES = 5;
const ACCOUNT_WINDOW_MS = 15 * MINUTE_MS;
/** And so often in an hour, however patiently somebody guesses. */
const ACCOUNT_FAILURES_PER_HOUR = 20;
/** The wait doubles with every further failure of the hour, up to this. */
const LONGEST_WAIT_MS = 15 * MINUTE_MS;
/** An address may fail so often in a minute, whatever the accounts. */
const ADDRESS_FAILURES = 20;

/** A try that may go ahead, or how long to wait before the next. */
export type Admission =
  | { admitted: true; succeed(): Promise<void> }
  | { admitted: false; waitMs: number };

/**
 * What a try is at: an address that somebody typed, or the account of somebody who is signed in
 * already. The two are counted apart, so that strangers who guess at the sign-in page do not keep
 * anybody from proving who they are. Tries at the setup token are counted by where they come from.
 */
type Tried =
  | { email: string; ip: string | null }
  | { userId: string }
  | { setupFrom: string | null };

function subjectOf(tried: Tried): string {
  if ("userId" in tried) {
    return `self:${tried.userId}`;
  }
  if ("setupFrom" in tried) {
    return `setup:${networkOf(tried.setupFrom) ?? ""}`;
  }
  return `account:${tokenDigest(authKey("throttle"), tried.email).toString("hex")}`;
}

/**
 * Takes a place for one try at an account from an address. It counts as a failure from the start
 * and is struck off when it succeeds: tries at the same time, on whatever replica, cannot all slip
 * through before the first of them has failed. A refused try counts for nothing.
 */
export async function admitTry(params: Tried): Promise<Admission> {
  const db = getDb("console");
  const now = new Date(sharedNow());
  const account = subjectOf(params);
  const network = "email" in params ? networkOf(params.ip) : undefined;
  const subjects = network === undefined ? [account] : [account, `address:${network}`];
  const rows = subjects.map((subject) => ({ id: newId(now.getTime()), subject, at: now }));
  const ids = rows.map(({ id }) => id);
  await insertFailures(db, { rows });
  const since = new Date(now.getTime() - HOUR_MS);
  const recent = await listFailures(db, { subjects, since });
  const others = recent.filter(({ id }) => !ids.includes(id));
  const waitMs = Math.max(
    accountWaitMs(timesOf(others, account), now.getTime()),
    network === undefined ? 0 : addressWaitMs(timesOf(others, `address:${network}`), now.getTime()),
  );
  if (waitMs > 0) {
    await deleteFailures(db, { ids });
    return { admitted: false, waitMs };
  }
  await deleteFailuresBefore(db, { before: since });
  return {
    admitted: true,
    succeed: async () => {
      await deleteFailures(db, { ids });
      await deleteFailuresOf(db, { subject: account });
    },
  };
}

/** Milliseconds of one subject's failures, newest first. */
function timesOf(rows: readonly FailureRow[], subject: string): number[] {
  return rows.filter((row) => row.subject === subject).map(({ at }) => at.getTime());
}

/** How long an account with these failures of the last hour, newest first, has to wait. */
export function accountWaitMs(failures: readonly number[], now: number): number {
  const lastAllowed = failures[ACCOUNT_FAILURES_PER_HOUR - 1];
  if (lastAllowed !== undefined) {
    return Math.max(0, lastAllowed + HOUR_MS - now);
  }
  const recent = failures.filter((at) => at > now - ACCOUNT_WINDOW_MS);
  const [last] = recent;
  if (last === undefined || recent.length < ACCOUNT_FAILURES) {
    return 0;
  }
  const doublings = failures.length - ACCOUNT_FAILURES;
  const wait = Math.min(LONGEST_WAIT_MS, MINUTE_MS * 2 ** doublings);
  return Math.max(0, last + wait - now);
}

/** How long an address with these failures has to wait. */
export function addressWaitMs(failures: readonly number[], now: number): number {
  const oldest = failures[ADDRESS_FAILURES - 1];
  return oldest === undefined ? 0 : Math.max(0, oldest + MINUTE_MS - now);
}

/** What counts as one address: an IPv4 address, or the /64 that an IPv6 subscriber is given. */
export function networkOf(ip: string | null): string | undefined {
  const [plain = ""] = (ip ?? "").split("%");
  if (!ipaddr.isValid(plain)) {
    return undefined;
  }
  const address = ipaddr.process(plain);
  if (address instanceof ipaddr.IPv6) {
    const half = address.parts.slice(0, 4).map((part) => part.toString(16));
    return `${half.join(":")}::/64`;
  }
  return address.toString();
}
