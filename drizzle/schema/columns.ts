import { bigint, customType, integer, timestamp, uuid } from "drizzle-orm/pg-core";

/** A UUIDv7 made in code (`lib/ids.ts`): the database needs no extension and no version above 15. */
export const id = () => uuid("id").primaryKey();

/** A moment with its zone, to the microsecond. */
export const instant = (name: string) => timestamp(name, { withTimezone: true });

/**
 * A moment to the millisecond, which is all that the time inside a UUIDv7 holds: the same request
 * replayed gives the same value, and so the same primary key.
 */
export const instantMs = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const createdAt = () => instant("created_at").notNull().defaultNow();
export const updatedAt = () => instant("updated_at").notNull().defaultNow();

/** Nano-dollars; a `bigint` in code. */
export const nanos = (name: string) => bigint(name, { mode: "bigint" });

/** A counter that may pass 2^31; a `bigint` in code. */
export const counter = (name: string) => bigint(name, { mode: "bigint" });

/** Tokens of one request. */
export const tokens = (name: string) => integer(name).notNull().default(0);

/** Raw bytes: digests and sealed secrets. */
export const bytes = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => "bytea",
  fromDriver: (value) => Buffer.from(value),
});

/** Stands for "none" in the dimensions of a rollup, whose unique key cannot hold nulls. */
export const NO_ID = "00000000-0000-0000-0000-000000000000";
