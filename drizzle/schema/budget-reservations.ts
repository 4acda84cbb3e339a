import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, instant, nanos } from "./columns.ts";

/** Money held for a running request, so that a settlement counts once however often it is sent. */
export const budgetReservations = pgTable(
  "budget_reservations",
  {
    requestId: uuid("request_id").primaryKey(),
    budgetIds: uuid("budget_ids").array().notNull(),
    estimateNanos: nanos("estimate_nanos").notNull(),
    /** What it came to; null while open. */
    actualNanos: nanos("actual_nanos"),
    state: text("state").$type<"open" | "settled" | "released" | "expired">().notNull(),
    expiresAt: instant("expires_at").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    // The reaper, which looks for open reservations whose lease has ended.
    index("budget_reservations_open_idx").on(table.expiresAt).where(sql`${table.state} = 'open'`),
    check(
      "budget_reservations_state",
      sql`${table.state} in ('open', 'settled', 'released', 'expired')`,
    ),
  ],
);
