import { listEndedKeys } from "#lib/db/api-keys.ts";
import { getDb } from "#lib/db/client.ts";
import { ConduitError } from "#lib/errors.ts";
import { refusalOf } from "./key-record.ts";

/** Keys by their own ids, by their owners' and by their teams'. */
export type KeyScope = Parameters<typeof listEndedKeys>[1];

/**
 * Which of the keys may not be used any more whatever the time, with the error that says why, by
 * their ids. Read from the database: memory may still hold what they were.
 */
export async function endedKeys(scope: KeyScope): Promise<Map<string, ConduitError>> {
  const rows = await listEndedKeys(getDb(), scope);
  return new Map(
    rows.flatMap((row) => {
      const message = refusalOf(row);
      return message === null
        ? []
        : [[row.key.id, new ConduitError("api_key_revoked", { message })]];
    }),
  );
}
