/**
 * What Conduit has to survive (F) and to withstand (T), a line each. A test that protects a row says
 * so in its name, through {@link fault} or {@link threat}: that is how the scorecard finds it, and
 * how a row without a test fails the build.
 */
export const FAULTS = {
  F1: "the upstream refuses the connection",
  F2: "the upstream's name does not resolve, or resolves slowly",
  F3: "the upstream's TLS certificate is wrong, or its handshake breaks",
  F4: "the upstream accepts and never answers",
  F5: "the first token is slow",
  F6: "the upstream falls silent in mid-stream",
  F7: "the upstream resets the connection in mid-stream",
  F8: "a stream ends without its end mark",
  F9: "malformed server-sent events",
  F10: "UTF-8 is split across chunks, or invalid",
  F11: "a giant chunk or an endless line",
  F12: "one-byte chunks and ten thousand tiny events",
  F13: "429 with every form of Retry-After",
  F14: "every status from 100 to 599",
  F15: "the wrong content type",
  F16: "an empty body, or one of another length than declared",
  F17: "a kept-alive connection that is dead already",
  F18: "the caller hangs up, at every moment",
  F19: "the caller reads slowly, or not at all",
  F20: "half-closed, pipelined and broken-off uploads",
  F21: "Postgres is down at the start",
  F22: "Postgres goes down under load",
  F23: "Postgres is slow",
  F24: "Postgres has no connection left",
  F25: "Postgres restarts or fails over",
  F26: "the connection is lost after COMMIT was sent",
  F27: "Redis refuses connections",
  F28: "Redis is a black hole",
  F29: "Redis loses what it held",
  F30: "Redis without the SCRIPT command",
  F31: "the disk is full",
  F32: "a second process on the embedded database",
  F33: "the journal's last line is torn",
  F34: "SIGTERM during many streams",
  F35: "SIGTERM twice, during the start, during a migration",
  F36: "SIGKILL under load",
  F37: "the machine loses power",
  F38: "the clock is wrong or steps",
  F39: "a replica has an old configuration",
  F40: "the configuration changes during a request",
  F41: "an invalid configuration is in the database",
  F42: "many requests race for one budget",
  F43: "a burst over several replicas meets one rate limit",
  F44: "thousands of idle streams",
  F45: "the memory runs short",
  F46: "the event loop stands still for two seconds",
  F47: "many requests miss the same memory at once",
  F48: "callers retry on top of our own tries",
  F49: "every target of a model is down",
  F50: "a webhook's or telemetry's receiver is down",
  F51: "no file descriptor is left",
  F52: "an uncaught exception in one request",
  F53: "the provider sends no usage",
  F54: "a rolling restart under load",
} as const;

export const THREATS = {
  T1: "an address of the inside, in any spelling",
  T2: "DNS rebinding",
  T3: "a redirect that carries credentials elsewhere",
  T4: "a changed base URL that keeps the stored key",
  T5: "overrides smuggled into a request body",
  T6: "a route that forgets to ask who is calling",
  T7: "another team's things by their id",
  T8: "fields that only the server may set",
  T9: "a key broader than its maker",
  T10: "paths and hosts that the door and the router read differently",
  T11: "timing of the key check",
  T12: "SQL injection",
  T13: "two tokens that share a memory entry",
  T14: "a copy of the database",
  T15: "secrets in logs, traces, audit and errors",
  T16: "default and weak secrets",
  T17: "guessed passwords",
  T18: "stolen and fixed sessions",
  T19: "sign-in that fails open",
  T20: "cross-site request forgery",
  T21: "open redirects",
  T22: "stored scripts",
  T23: "an image that carries text out",
  T24: "giant, deep and compressed bodies",
  T25: "slow clients",
  T26: "regular expressions that never end",
  T27: "malformed payloads for server actions",
  T28: "known holes of the framework",
  T29: "code from users",
  T30: "smuggled and hop-by-hop headers",
  T31: "the framework's internal headers",
  T32: "prototype pollution",
  T33: "a stored answer for somebody else",
  T34: "a like question's answer for somebody else",
  T35: "learning from cache hits what others asked",
  T36: "templates inside of values",
  T37: "webhooks as a way inside, and replayed ones",
  T38: "changes to the audit log",
  T39: "line breaks and terminal escapes in logs",
  T40: "budget races and absurd amounts",
  T41: "endless streams and a gateway that calls itself",
  T42: "a hostile upstream",
  T43: "a taken-over admin who bends answers",
  T44: "a malicious dependency",
  T45: "sealed values moved to another row",
  T46: "heavy reports that slow the streams",
} as const;

export type FaultId = keyof typeof FAULTS;
export type ThreatId = keyof typeof THREATS;

/** The name of a suite that protects this row: `F1 · the upstream refuses the connection`. */
export function fault(id: FaultId): string {
  return `${id} · ${FAULTS[id]}`;
}

/** The name of a suite that protects this row: `T1 · an address of the inside, in any spelling`. */
export function threat(id: ThreatId): string {
  return `${id} · ${THREATS[id]}`;
}

/** Rows that no test protects, with the reason; the scorecard prints them as missed. */
export const UNPROTECTED: Readonly<Partial<Record<FaultId | ThreatId, string>>> = {
  T43: "answers carry no signature in this version; the admin's surface is small and audited",
};
