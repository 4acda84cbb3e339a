import { getSql } from "./client.ts";

/** The database's clock, in milliseconds since the epoch. Rejects when it does not answer. */
export async function readDatabaseTimeMs(): Promise<number> {
  const [row] = await getSql("batch")<{ ms: number }[]>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
  if (row === undefined) {
    throw new Error("The database did not tell the time.");
  }
  return row.ms;
}
