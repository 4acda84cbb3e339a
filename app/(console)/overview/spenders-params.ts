import type { RawParams } from "#lib/contract/log-filter.ts";
import { SPENDER_GROUPS, type SpenderGroup } from "#lib/contract/overview.ts";

/** What the table of spenders lists, `by=` in the address. */
export function readSpenderGroup(params: RawParams, isAdmin: boolean): SpenderGroup {
  const usual = isAdmin ? "team" : "key";
  return SPENDER_GROUPS.find((group) => group === params["by"]) ?? usual;
}
