import type { KeyListPage, KeyListQuery, KeyListRow, KeyUse } from "#lib/contract/api-key-list.ts";
import { instantOf } from "#lib/contract/instants.ts";
import { getApiKey } from "#lib/db/api-key-admin.ts";
import { type KeyListRecord, listKeyPage } from "#lib/db/api-key-list.ts";
import { countKeyUse, listHourlyRequests, listLastUses } from "#lib/db/api-key-usage.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { type Actor, assertWithinReach, scopeOf } from "./actor.ts";
import { apiKeyInfoOf } from "./api-key-view.ts";
import { readBudgetFields } from "./budget-view.ts";
import { requireFound } from "./found.ts";

const IDLE_DAY: number[] = Array<number>(24).fill(0);

/** One page of the keys that an actor may see, with their state and their last day. */
export async function showKeyList(actor: Actor, query: KeyListQuery): Promise<KeyListPage> {
  const db = getDb("console");
  const now = new Date();
  const rows = await listKeyPage(db, {
    scope: scopeOf(actor, "key.read"),
    limit: query.limit + 1,
    after: query.after,
    states: query.status,
    teamId: query.team,
    ownerId: query.owner,
    model: query.model,
    unused: query.unused,
    expiring: query.expiring,
    text: query.text,
    now,
  });
  const page = rows.slice(0, query.limit);
  return {
    keys: await rowsOf(db, page, now),
    next: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** One key as the list shows it. Throws 404 for one that the actor may not see. */
export async function showKeyRow(actor: Actor, id: string): Promise<KeyListRow> {
  const db = getDb("console");
  const now = new Date();
  const filter = { scope: scopeOf(actor, "key.read"), keyId: id, limit: 1, now };
  const rows = await listKeyPage(db, { ...filter, unused: false, expiring: false });
  const [key] = await rowsOf(db, rows, now);
  return requireFound(key, "key");
}

async function rowsOf(db: Db, rows: readonly KeyListRecord[], now: Date): Promise<KeyListRow[]> {
  const keyIds = rows.map(({ id }) => id);
  const budgetOf = await readBudgetFields(db, { subject: "key", subjectIds: keyIds });
  const hourly = await listHourlyRequests(db, { keyIds, now });
  const lastUses = await listLastUses(db, rows);
  return rows.map((row) => ({
    ...apiKeyInfoOf(row, budgetOf(row.id)),
    state: row.state,
    spent_subject: row.spentSubject,
    hourly: hourly.get(row.id) ?? IDLE_DAY,
    requests_24h: row.requests,
    limited_24h: row.limited,
    failed_24h: row.failed,
    last_used_ip: lastUses.get(row.id)?.ip ?? null,
    last_used_agent: lastUses.get(row.id)?.userAgent ?? null,
  }));
}

/** What a key is used for at the moment, for whoever is about to end it. */
export async function showKeyUse(actor: Actor, id: string): Promise<KeyUse> {
  const db = getDb("console");
  const row = requireFound(await getApiKey(db, { id }), "key");
  assertWithinReach(actor, "key.read", { ...row, what: "key" });
  const use = await countKeyUse(db, { keyId: id, now: new Date() });
  return {
    last_used_at: instantOf(use.lastAt),
    requests_hour: use.hour,
    requests_day: use.day,
    addresses: use.addresses,
  };
}
