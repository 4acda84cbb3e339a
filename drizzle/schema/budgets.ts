import { sql } from "drizzle-orm";
import { check, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { BudgetPeriod, BudgetSubject } from "#lib/contract/caller.ts";
import { createdAt, id, instant, nanos, updatedAt } from "./columns.ts";

/** Money limits with what was spent and is held of them in the present window. */
export const budgets = pgTable(
  "budgets",
  {
    id: id(),
    subject: text("subject").$type<BudgetSubject>().notNull(),
    /** The id of the key, user, team or deployment; a tag as `name=value`. */
    subjectId: text("subject_id").notNull(),
    period: text("period").$type<BudgetPeriod>().notNull(),
    /** Null: counted but not limited. */
    limitNanos: nanos("limit_nanos"),
    /** At this share of the limit a warning is due. */
    softLimitPercent: integer("soft_limit_percent"),
    spentNanos: nanos("spent_nanos").notNull().default(sql`0`),
    /** Room on top of the limit, given once, that ends with the window. */
    raiseNanos: nanos("raise_nanos").notNull().default(sql`0`),
    raiseUntil: instant("raise_until"),
    /** The estimates of requests that are still running. */
    reservedNanos: nanos("reserved_nanos").notNull().default(sql`0`),
    /** When the present window began (UTC); a reserve in a later window rolls it first. */
    windowStart: instant("window_start").notNull().defaultNow(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    // The limits of a key, its user and its team, read with the key.
    uniqueIndex("budgets_subject_key").on(table.subject, table.subjectId, table.period),
    check("budgets_period", sql`${table.period} in ('total', 'day', 'week', 'month')`),
  ],
);
