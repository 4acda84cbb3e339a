import { createParser, parseAsString } from "nuqs/server";
import type { AuditFilter } from "#lib/contract/audit.ts";
import { type RangeToken, resolveRange } from "#lib/contract/time-range.ts";
import { type ReadParams, rangeOf, teamParam, timeParams } from "../../_ui/search-params.ts";

/** The audit log is read back further than anything else. */
export const AUDIT_RANGE: RangeToken = "30d";

/** A place in the chain, and to which side of it the page lies. */
export interface AuditCursor {
  side: "before" | "after";
  sequence: number;
}

const CURSOR = /^(before|after)-([1-9]\d{0,14})$/;

const parseAsCursor = createParser<AuditCursor>({
  parse: (text) => {
    const [, side, sequence] = CURSOR.exec(text) ?? [];
    return side === "before" || side === "after" ? { side, sequence: Number(sequence) } : null;
  },
  serialize: writeCursor,
});

export function writeCursor({ side, sequence }: AuditCursor): string {
  return `${side}-${sequence}`;
}

const parseAsName = createParser<string>({
  parse: (text) => (text !== "" && text.length <= 256 ? text : null),
  serialize: (text) => text,
});

/** What narrows the list. */
export const AUDIT_FILTERS = {
  ...teamParam,
  actor: parseAsName,
  action: parseAsName,
  target: parseAsName,
  target_id: parseAsName,
  q: parseAsName,
};

/** The parameters of the audit log. */
export const AUDIT_PARAMS = {
  ...timeParams,
  ...AUDIT_FILTERS,
  cursor: parseAsCursor,
  event: parseAsString,
};

type AuditParams = ReadParams<typeof AUDIT_PARAMS>["values"];

/** What the server is asked for an address. All events of one object are shown whatever the time. */
export function auditFilterOf(
  params: AuditParams,
  at: { nowMs: number; zone: string },
): AuditFilter {
  const { fromMs, toMs } = resolveRange(rangeOf(params, AUDIT_RANGE), at);
  const isEver = params.target_id !== null && params.range === null && params.from === null;
  return {
    ...(isEver ? {} : { from: new Date(fromMs), to: new Date(toMs) }),
    team_id: params.team ?? undefined,
    actor_id: params.actor ?? undefined,
    group: params.action ?? undefined,
    target_type: params.target ?? undefined,
    target_id: params.target_id ?? undefined,
    text: params.q?.slice(0, 200) ?? undefined,
  };
}

/** Whether the address asks for less than every event of its time. */
export function isNarrowed(params: AuditParams): boolean {
  const { team, actor, action, target, target_id, q } = params;
  return [team, actor, action, target, target_id, q].some((value) => value !== null);
}

/** A filter as the export takes it. */
export function exportQueryOf(filter: AuditFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) {
      query.set(name, value instanceof Date ? value.toISOString() : value);
    }
  }
  return query.toString();
}
