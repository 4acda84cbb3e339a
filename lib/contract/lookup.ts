import { z } from "zod";

/** What can be found by name for a choice in a form or a filter. */
export const LOOKUP_TYPES = [
  "key",
  "deployment",
  "alias",
  "team",
  "user",
  "model",
  "prompt",
] as const;
export type LookupType = (typeof LOOKUP_TYPES)[number];

export const lookupParams = z.object({ type: z.enum(LOOKUP_TYPES) });

export const lookupQuery = z.strictObject({
  /** Part of a name; nothing finds the first ones. */
  q: z.string().max(200).default(""),
  /** An entry that is answered as well whatever `q` is: the one chosen already. */
  id: z.string().min(1).max(256).optional(),
});
export type LookupQuery = z.infer<typeof lookupQuery>;

export interface LookupEntry {
  /** What a form sends: a UUID, or the name where names are the ids (aliases, models). */
  id: string;
  name: string;
  /** Tells two of one name apart: an email address, the start of a key, an upstream model. */
  hint: string | null;
}
