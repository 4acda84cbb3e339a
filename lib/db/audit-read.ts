import {
  and,
  asc,
  desc,
  eq,
  gt,
  gte,
  ilike,
  inArray,
  isNull,
  like,
  lt,
  lte,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { auditEvents } from "#drizzle/schema/audit-events.ts";
import type { Scope } from "#lib/contract/scope.ts";
import { AUDIT_COLUMNS, type AuditRow } from "./audit.ts";
import type { Db } from "./client.ts";

/** Which events; all of the given conditions hold at once. */
export interface AuditWhere {
  scope: Scope;
  /** The id of a person or a token, or `admin_key` or `system`, which have none. */
  actorId?: string | undefined;
  action?: string | undefined;
  /** The part of an action before its verb, as `api_key`. */
  group?: string | undefined;
  targetType?: string | undefined;
  targetId?: string | undefined;
  teamId?: string | undefined;
  /** Anything that stands in names, ids, or in what was changed. */
  text?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** No event that came after this one: an export is of one moment. */
  upTo?: bigint | undefined;
}

export interface AuditPage {
  where: AuditWhere;
  limit: number;
  offset?: number | undefined;
  /** Only events before this place in the chain. */
  before?: number | undefined;
  /** Only events after this place: the page of newer ones. */
  after?: number | undefined;
}

/** Events, newest first. One more than `limit` is read, which tells whether there is another page. */
export async function listAuditEvents(db: Db, page: AuditPage): Promise<AuditRow[]> {
  const isNewer = page.after !== undefined;
  const rows = await db
    .select(AUDIT_COLUMNS)
    .from(auditEvents)
    .where(
      and(
        matching(page.where),
        page.before === undefined ? undefined : lt(auditEvents.sequence, BigInt(page.before)),
        page.after === undefined ? undefined : gt(auditEvents.sequence, BigInt(page.after)),
      ),
    )
    // The page of newer events begins next to the page that was left.
    .orderBy(isNewer ? asc(auditEvents.sequence) : desc(auditEvents.sequence))
    .limit(page.limit + 1)
    .offset(page.offset ?? 0);
  return rows;
}

export async function countAuditEvents(db: Db, where: AuditWhere): Promise<number> {
  return await db.$count(auditEvents, matching(where));
}

export async function getAuditEvent(
  db: Db,
  params: { where: AuditWhere; id: string },
): Promise<AuditRow | undefined> {
  const [row] = await db
    .select(AUDIT_COLUMNS)
    .from(auditEvents)
    .where(and(eq(auditEvents.id, params.id), matching(params.where)));
  return row;
}

/** The last place in the chain; 0 before the first event. */
export async function getLastSequence(db: Db): Promise<bigint> {
  const [row] = await db
    .select({ sequence: auditEvents.sequence })
    .from(auditEvents)
    .orderBy(desc(auditEvents.sequence))
    .limit(1);
  return row?.sequence ?? 0n;
}

export interface AuditActor {
  actorType: AuditRow["actorType"];
  actorId: string | null;
  actorName: string;
}

/** Who acted at all, and what filters can be about. The latest name of an actor stands for all. */
export async function listAuditFacets(
  db: Db,
  params: { scope: Scope },
): Promise<{ actors: AuditActor[]; actions: string[]; targetTypes: string[] }> {
  const where = matching({ scope: params.scope });
  const key = sql`coalesce(${auditEvents.actorId}, ${auditEvents.actorType})`;
  const actors = await db
    .selectDistinctOn([key], {
      actorType: auditEvents.actorType,
      actorId: auditEvents.actorId,
      actorName: auditEvents.actorName,
    })
    .from(auditEvents)
    .where(where)
    .orderBy(key, desc(auditEvents.sequence));
  const pairs = await db
    .selectDistinct({ action: auditEvents.action, targetType: auditEvents.targetType })
    .from(auditEvents)
    .where(where);
  return {
    actors: actors.toSorted((left, right) => (left.actorName < right.actorName ? -1 : 1)),
    actions: [...new Set(pairs.map(({ action }) => action))].sort(),
    targetTypes: [...new Set(pairs.map(({ targetType }) => targetType))].sort(),
  };
}

function matching(where: AuditWhere): SQL | undefined {
  const { scope, action, targetType, targetId, teamId, from, to, upTo } = where;
  return and(
    inside(scope),
    where.actorId === undefined ? undefined : byActor(where.actorId),
    action === undefined ? undefined : eq(auditEvents.action, action),
    where.group === undefined ? undefined : like(auditEvents.action, `${literally(where.group)}.%`),
    targetType === undefined ? undefined : eq(auditEvents.targetType, targetType),
    targetId === undefined ? undefined : eq(auditEvents.targetId, targetId),
    teamId === undefined ? undefined : eq(auditEvents.teamId, teamId),
    where.text === undefined ? undefined : containing(where.text),
    from === undefined ? undefined : gte(auditEvents.createdAt, from),
    to === undefined ? undefined : lt(auditEvents.createdAt, to),
    upTo === undefined ? undefined : lte(auditEvents.sequence, upTo),
  );
}

/** Whoever administers teams sees what happened to them; nobody else sees anything. */
function inside(scope: Scope): SQL | undefined {
  if (scope.all) {
    return undefined;
  }
  return scope.teamIds.length === 0 ? sql`false` : inArray(auditEvents.teamId, [...scope.teamIds]);
}

const WITHOUT_ID = ["admin_key", "system"] as const;

function byActor(actorId: string): SQL | undefined {
  const type = WITHOUT_ID.find((each) => each === actorId);
  return type === undefined
    ? eq(auditEvents.actorId, actorId)
    : and(eq(auditEvents.actorType, type), isNull(auditEvents.actorId));
}

function containing(text: string): SQL | undefined {
  const pattern = `%${literally(text)}%`;
  return or(
    ilike(auditEvents.actorName, pattern),
    ilike(auditEvents.action, pattern),
    ilike(auditEvents.targetId, pattern),
    ilike(auditEvents.ip, pattern),
    sql`${auditEvents.requestId}::text ilike ${pattern}`,
    sql`${auditEvents.before}::text ilike ${pattern}`,
    sql`${auditEvents.after}::text ilike ${pattern}`,
  );
}

/** The characters that `like` reads as wildcards stand for themselves. */
function literally(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
