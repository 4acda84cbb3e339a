import { z } from "zod";

/** What an edit of an older version is answered with: the object as it is now, and who made it so. */
export type StaleEdit<Row extends object = object> = Row & {
  /** A person's address, or the name of a key or token; `null` when nobody remembers. */
  changed_by: string | null;
  /** ISO 8601. */
  changed_at: string | null;
};

/** The version that an editor started from; a later one refuses the edit with 409. */
export const expectedVersion = z.int().min(1).optional().meta({
  description: "The `version` that the edit is based on; another one refuses it with 409.",
});
