import { sql } from "drizzle-orm";
import type { Db } from "./client.ts";

/** Holds the first run for the transaction: whoever else steps on in it waits. */
export async function holdSetup(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('conduit.setup', 0))`);
}
