import { setTimeout as sleep } from "node:timers/promises";
import { ConduitError, isConduitError } from "#lib/errors.ts";
import { type InsertRows, storeRows } from "./store-rows.ts";

/** Pauses before the second and third try of a row that no journal keeps. */
const DIRECT_PAUSES_MS = [50, 250];

/** Stores one row at once, in up to three tries. Throws what the database said last. */
export async function storeAlone(row: string, insert: InsertRows): Promise<void> {
  for (const pauseMs of DIRECT_PAUSES_MS) {
    try {
      return await storeOnce(row, insert);
    } catch (cause) {
      if (isConduitError(cause)) {
        throw cause;
      }
      await sleep(pauseMs);
    }
  }
  await storeOnce(row, insert);
}

async function storeOnce(row: string, insert: InsertRows): Promise<void> {
  const [poison] = await storeRows([row], insert);
  if (poison !== undefined) {
    throw new ConduitError("internal_error", {
      message: "The database refused a usage record.",
      cause: poison.cause,
    });
  }
}
