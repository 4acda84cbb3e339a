import type {
  AuditEvent,
  AuditFacets,
  AuditFilter,
  AuditPage,
  AuditQuery,
  AuditVerdict,
} from "#lib/contract/audit.ts";
import { instantOf } from "#lib/contract/instants.ts";
import { type AuditRow, checkAuditChain } from "#lib/db/audit.ts";
import {
  type AuditWhere,
  countAuditEvents,
  getAuditEvent,
  listAuditEvents,
  listAuditFacets,
} from "#lib/db/audit-read.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { nameTargets } from "./audit-names.ts";
import { requireFound } from "./found.ts";
import { assertAllowed } from "./permission.ts";

const PAGE_LIMIT = 50;

/** Events, newest first, with how many there are in all: the admin API's list. */
export async function showAudit(
  actor: Actor,
  query: AuditQuery,
): Promise<{ events: AuditEvent[]; total: number }> {
  const db = getDb("console");
  const where = whereOf(actor, query);
  const { limit, offset, before, after } = query;
  const rows = await listAuditEvents(db, { where, limit, offset, before, after });
  return {
    events: await eventsOf(db, inOrder(rows.slice(0, limit))),
    total: await countAuditEvents(db, where),
  };
}

/** One page of events by their places, so that events which are added move nothing. */
export async function showAuditPage(
  actor: Actor,
  query: AuditFilter & { limit?: number; before?: number | undefined; after?: number | undefined },
): Promise<AuditPage> {
  const db = getDb("console");
  const { limit = PAGE_LIMIT, before, after } = query;
  const rows = await listAuditEvents(db, { where: whereOf(actor, query), limit, before, after });
  const hasMore = rows.length > limit;
  const events = await eventsOf(db, inOrder(rows.slice(0, limit)));
  const isNewer = after !== undefined;
  const hasOlder = isNewer || hasMore;
  const hasNewer = isNewer ? hasMore : before !== undefined;
  return {
    events,
    older: hasOlder ? (events.at(-1)?.sequence ?? null) : null,
    newer: hasNewer ? (events[0]?.sequence ?? null) : null,
  };
}

/** Newest first, whichever way the page was read. */
function inOrder(rows: readonly AuditRow[]): AuditRow[] {
  return rows.toSorted((left, right) => (left.sequence > right.sequence ? -1 : 1));
}

export async function showAuditEvent(actor: Actor, id: string): Promise<AuditEvent> {
  const db = getDb("console");
  const row = requireFound(
    await getAuditEvent(db, { where: whereOf(actor, {}), id }),
    "audit event",
  );
  const [event] = await eventsOf(db, [row]);
  return requireFound(event, "audit event");
}

/** What the actor can filter the log by. */
export async function showAuditFacets(actor: Actor): Promise<AuditFacets> {
  const { scope } = whereOf(actor, {});
  const { actors, actions, targetTypes } = await listAuditFacets(getDb("console"), { scope });
  return {
    actors: actors.map(({ actorId, actorType, actorName }) => ({
      id: actorId ?? actorType,
      name: actorName,
      type: actorType,
    })),
    groups: [...new Set(actions.map((action) => action.split(".")[0] ?? action))],
    target_types: targetTypes,
  };
}

/** The conditions of a query within the actor's reach. Throws 403 for who may read no event. */
export function whereOf(actor: Actor, query: AuditFilter): AuditWhere {
  assertAllowed(actor.principal, "audit.read");
  return {
    scope: scopeOf(actor, "audit.read"),
    actorId: query.actor_id,
    action: query.action,
    group: query.group,
    targetType: query.target_type,
    targetId: query.target_id,
    teamId: query.team_id,
    text: query.text,
    from: query.from,
    to: query.to,
  };
}

/** Rows as they are shown, with the names of their objects. */
export async function eventsOf(db: Db, rows: readonly AuditRow[]): Promise<AuditEvent[]> {
  const names = await nameTargets(db, rows);
  return rows.map((row) => eventOf(row, names.get(row.id) ?? null));
}

function eventOf(row: AuditRow, targetName: string | null): AuditEvent {
  return {
    id: row.id,
    sequence: Number(row.sequence),
    at: instantOf(row.createdAt),
    actor_type: row.actorType,
    actor_id: row.actorId,
    actor_name: row.actorName,
    action: row.action,
    target_type: row.targetType,
    target_id: row.targetId,
    target_name: targetName,
    team_id: row.teamId,
    before: row.before,
    after: row.after,
    ip: row.ip,
    request_id: row.requestId,
    hash: row.hash.toString("hex"),
  };
}

/** Whether every event still fits the one before it. */
export async function verifyAudit(actor: Actor): Promise<AuditVerdict> {
  assertAllowed(actor.principal, "audit.verify");
  const { checked, brokenAt } = await checkAuditChain(getDb("console"));
  return {
    intact: brokenAt === null,
    checked,
    broken_at: brokenAt === null ? null : Number(brokenAt),
  };
}
