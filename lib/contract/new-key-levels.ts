import { z } from "zod";

/** Whose limits a key that is yet to be made would count against. */
export const newKeyLevelsQuery = z.strictObject({
  owner_id: z.uuid(),
  team_id: z.uuid().optional(),
});
