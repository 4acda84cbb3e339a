import { randomBytes } from "node:crypto";
import { sharedNow } from "#lib/clock.ts";
import { deriveKey, tokenDigest } from "#lib/crypto.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import {
  deleteOldSessions,
  endSession,
  endSessions,
  getSessionByDigest,
  getSessionById,
  insertSession,
  listSessions,
  listTeamsOfUser,
  renewSession,
  type SessionListRow,
  type SessionMethod,
  type SessionRow,
  touchSession,
} from "#lib/db/sessions.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { newId } from "#lib/ids.ts";
import { getSecrets } from "./bootstrap.ts";
import type { Person } from "./principal.ts";

const MINUTE_MS = 60_000;

/** How long a proof of identity counts for what needs a fresh one. */
const STEP_UP_MS = 10 * MINUTE_MS;
/** The last use is written once a minute at most, not with every request. */
const TOUCH_MS = MINUTE_MS;
/** Rows that are over are kept a week, for whoever looks into an incident. */
const KEPT_MS = 7 * 24 * 60 * MINUTE_MS;

const HOUR_MS = 60 * MINUTE_MS;

/** However busy it is, a session ends then. */
export function sessionMs(): number {
  return currentSettings().security.session_hours * HOUR_MS;
}

/** How long a session may rest; an administrator's half as long, since it opens more. */
function idleMs(isAdmin: boolean): number {
  const minutes = currentSettings().security.idle_minutes;
  return minutes === null ? Number.POSITIVE_INFINITY : (minutes / (isAdmin ? 2 : 1)) * MINUTE_MS;
}

const SID_BYTES = 32;
const SID_PATTERN = /^[\w-]{43}$/;
const USER_AGENT_LENGTH = 300;

/** A session at its start: `sid` is what the cookie carries, and is nowhere stored. */
export interface OpenedSession {
  id: string;
  sid: string;
  expiresAt: Date;
}

/**
 * Starts a session. A password counts as a fresh proof of identity; an identity provider may have
 * let in whoever sat at the browser, and counts only when it says that it asked just now.
 */
export async function openSession(params: {
  userId: string;
  method: SessionMethod;
  /** Whether an identity provider has just signed the person in again. */
  isProved?: boolean | undefined;
  ip: string | null;
  userAgent: string | null;
}): Promise<OpenedSession> {
  const db = getDb("console");
  const now = sharedNow();
  const isProof = params.method === "password" || params.isProved === true;
  const opened = { id: newId(now), sid: newSid(), expiresAt: new Date(now + sessionMs()) };
  await deleteOldSessions(db, { userId: params.userId, before: new Date(now - KEPT_MS) });
  await insertSession(db, {
    id: opened.id,
    digest: digestOf(opened.sid),
    userId: params.userId,
    method: params.method,
    steppedUpUntil: isProof ? new Date(now + STEP_UP_MS) : null,
    expiresAt: opened.expiresAt,
    ip: params.ip,
    userAgent: params.userAgent?.slice(0, USER_AGENT_LENGTH) ?? null,
  });
  return opened;
}

/** A living session: who is behind it and how they signed in. */
export interface LivingSession {
  person: Person;
  method: SessionMethod;
  expiresAt: Date;
}

/**
 * The session of an opaque id. `undefined` when there is none, it was ended, its time is over, it
 * was idle too long, or its person is suspended: the row decides, at every request.
 */
export async function findSession(sid: string): Promise<LivingSession | undefined> {
  if (!SID_PATTERN.test(sid)) {
    return undefined;
  }
  const db = getDb("console");
  const row = await getSessionByDigest(db, { digest: digestOf(sid) });
  const now = sharedNow();
  if (row === undefined || !isLiving(row, now)) {
    return undefined;
  }
  if (now - row.lastSeenAt.getTime() > TOUCH_MS) {
    await touchSession(db, { id: row.id, userId: row.userId, at: new Date(now) });
  }
  return { person: await personOf(row), method: row.method, expiresAt: row.expiresAt };
}

/**
 * The person of a session by its row's id, for a stream that outlives the request which opened it.
 * It is no use of the session. `undefined` as in `findSession`.
 */
export async function findPersonOfSession(sessionId: string): Promise<Person | undefined> {
  const row = await getSessionById(getDb("console"), { id: sessionId });
  return row !== undefined && isLiving(row, sharedNow()) ? await personOf(row) : undefined;
}

async function personOf(row: SessionRow): Promise<Person> {
  return {
    kind: "user",
    id: row.userId,
    email: row.email,
    name: row.name,
    isAdmin: row.role === "admin",
    teams: await listTeamsOfUser(getDb("console"), { userId: row.userId }),
    sessionId: row.id,
    steppedUpUntil: row.steppedUpUntil,
  };
}

function isLiving(row: SessionRow, now: number): boolean {
  return (
    row.revokedAt === null &&
    row.suspendedAt === null &&
    row.expiresAt.getTime() > now &&
    // A limit that was shortened holds for sessions that began before, too.
    row.createdAt.getTime() + sessionMs() > now &&
    row.lastSeenAt.getTime() + idleMs(row.role === "admin") > now
  );
}

/** Whether a person has proved who they are a short while ago. */
export function isSteppedUp(person: Person): boolean {
  return person.steppedUpUntil !== null && person.steppedUpUntil.getTime() > sharedNow();
}

/**
 * Marks a fresh proof of identity and gives the session a new opaque id, so that an id which leaked
 * before is worth nothing for what needs the proof.
 */
export async function stepUpSession(sessionId: string): Promise<{ sid: string }> {
  const sid = newSid();
  const steppedUpUntil = new Date(sharedNow() + STEP_UP_MS);
  await renewSession(getDb("console"), { id: sessionId, digest: digestOf(sid), steppedUpUntil });
  return { sid };
}

/** Ends one session of a person at once. `false` when it is not theirs or was over. */
export async function revokeSession(params: { id: string; userId: string }): Promise<boolean> {
  return await endSession(getDb("console"), params);
}

/** Ends a person's sessions, all but `exceptId`; inside a transaction when `tx` is given. */
export async function revokeSessions(
  params: { userId: string; exceptId?: string | undefined },
  tx: Db = getDb("console"),
): Promise<number> {
  return await endSessions(tx, params);
}

/** Ends everybody's sessions, all but `exceptId`. */
export async function revokeAllSessions(
  params: { exceptId?: string | undefined },
  tx: Db = getDb("console"),
): Promise<number> {
  return await endSessions(tx, params);
}

/** The living sessions of a person, newest first. */
export async function listLivingSessions(person: Person): Promise<SessionListRow[]> {
  const idle = Math.min(idleMs(person.isAdmin), sessionMs());
  return await listSessions(getDb("console"), {
    userId: person.id,
    idleSince: new Date(sharedNow() - idle),
  });
}

function newSid(): string {
  return randomBytes(SID_BYTES).toString("base64url");
}

function digestOf(sid: string): Buffer {
  return tokenDigest(authKey("session"), sid);
}

/** A key for one purpose, from the secret that signs people in. */
export function authKey(purpose: string): Buffer {
  return deriveKey(Buffer.from(getSecrets().authSecret.reveal()), purpose);
}
