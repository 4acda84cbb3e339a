import type { Interval } from "#lib/contract/time-range.ts";
import { getDb } from "#lib/db/client.ts";
import { listTagNames } from "#lib/db/tag-names.ts";
import { type Actor, scopeOf } from "./actor.ts";

const SHOWN = 20;

/** Names of tags that requests of a range carry, the commonest first. */
export async function showTagNames(
  actor: Actor,
  { interval }: { interval: Interval },
): Promise<string[]> {
  return await listTagNames(getDb("console"), {
    scope: scopeOf(actor, "usage.read"),
    from: new Date(interval.fromMs),
    to: new Date(interval.toMs),
    limit: SHOWN,
  });
}
