import type { BudgetLimit, CacheScope, Caller } from "#lib/contract/caller.ts";
import type { KeyRow } from "#lib/db/api-keys.ts";
import { ConduitError } from "#lib/errors.ts";
import { isInside, type Networks, parseNetworks } from "./networks.ts";

/** One secret of a key as it is kept in memory. */
export interface KeyRecord {
  caller: Caller;
  secretId: string;
  /** As it is stored; refreshes look the row up by it. */
  digest: Buffer;
  pepperVersion: string;
  /** Why the key is refused whatever the time; null while it is not. */
  refusal: string | null;
  expiresAtMs: number | null;
  /** When this secret ends, during the grace of a rotation or as a playground's grant. */
  validUntilMs: number | null;
  /** The refusal from then on. */
  ended: string;
  networks: Networks | null;
  fetchedMs: number;
}

const ENDED = {
  app: "This API key was replaced by a newer secret, and its grace period has ended.",
  playground: "This grant of the playground has ended.",
} as const;

export function keyRecordOf(row: KeyRow, nowMs: number): KeyRecord {
  return {
    caller: callerOf(row),
    secretId: row.secret.id,
    digest: row.secret.digest,
    pepperVersion: row.secret.pepperVersion,
    refusal: refusalOf(row),
    expiresAtMs: row.key.expiresAt?.getTime() ?? null,
    validUntilMs: row.secret.validUntil?.getTime() ?? null,
    ended: ENDED[row.key.kind],
    networks: row.key.allowedCidrs === null ? null : parseNetworks(row.key.allowedCidrs),
    fetchedMs: nowMs,
  };
}

/** What ends a key whatever the time; null for one that may be used. */
export function refusalOf({
  key,
  user,
  team,
}: {
  key: Pick<KeyRow["key"], "revokedAt" | "isActive">;
  user: Pick<KeyRow["user"], "suspendedAt">;
  team: Pick<NonNullable<KeyRow["team"]>, "deletedAt"> | null;
}): string | null {
  const reasons: readonly (readonly [boolean, string])[] = [
    [key.revokedAt !== null, "This API key was revoked."],
    [!key.isActive, "This API key is switched off."],
    [user.suspendedAt !== null, "The owner of this API key is suspended."],
    [(team?.deletedAt ?? null) !== null, "The team of this API key was deleted."],
  ];
  return reasons.find(([applies]) => applies)?.[1] ?? null;
}

function callerOf(row: KeyRow): Caller {
  const { key, user, team } = row;
  return Object.freeze({
    keyId: key.id,
    keyAlias: key.alias,
    userId: user.id,
    userEmail: user.email,
    teamId: team?.id ?? null,
    teamName: team?.name ?? null,
    allowedModels: meet(key.allowedModels, team?.allowedModels ?? null),
    keyLimits: limitsOf(key),
    teamLimits: team === null ? null : limitsOf(team),
    budgets: row.budgets.map(
      (budget): BudgetLimit => ({ ...budget, subjectName: nameOf(budget, row) }),
    ),
    allowedCidrs: key.allowedCidrs,
    tags: key.tags,
    payloadStorage: team?.payloadStorage ?? null,
    cacheScope: cacheScopeOf(row),
    coalesce: key.coalesce,
  });
}

/** Answers are a key's own, unless the team has opted in to sharing them. */
function cacheScopeOf({ key, team }: KeyRow): CacheScope {
  return team?.shareCache === true ? { kind: "team", id: team.id } : { kind: "key", id: key.id };
}

function limitsOf(limits: {
  rateLimitRpm: number | null;
  rateLimitTpm: number | null;
  maxParallel: number | null;
}) {
  return { rpm: limits.rateLimitRpm, tpm: limits.rateLimitTpm, maxParallel: limits.maxParallel };
}

/** What both lists allow; null allows everything. */
function meet(
  left: readonly string[] | null,
  right: readonly string[] | null,
): ReadonlySet<string> | null {
  if (left === null || right === null) {
    const only = left ?? right;
    return only === null ? null : new Set(only);
  }
  return new Set(left.filter((name) => right.includes(name)));
}

function nameOf(budget: { subject: string }, { key, user, team }: KeyRow): string {
  const names: Readonly<Record<string, string | undefined>> = {
    key: key.alias ?? key.id,
    user: user.email,
    team: team?.name,
  };
  return names[budget.subject] ?? budget.subject;
}

/**
 * Why the record's key may not be used at `nowMs` from `ip`: `api_key_revoked`, `api_key_expired`
 * (401), `ip_not_allowed` (403); null when it may. Asked on every call, since time passes while a
 * record lies in memory.
 */
export function refusalNow(
  record: KeyRecord,
  nowMs: number,
  ip: string | null,
): ConduitError | null {
  if (record.refusal !== null) {
    return new ConduitError("api_key_revoked", { message: record.refusal });
  }
  if (record.expiresAtMs !== null && record.expiresAtMs <= nowMs) {
    return new ConduitError("api_key_expired", { message: "This API key has expired." });
  }
  if (record.validUntilMs !== null && record.validUntilMs <= nowMs) {
    return new ConduitError("api_key_expired", {
      message: record.ended,
    });
  }
  if (record.networks !== null && !isInside(record.networks, ip)) {
    return new ConduitError("ip_not_allowed", {
      message: "This API key may not be used from your network address.",
    });
  }
  return null;
}
