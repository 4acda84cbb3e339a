import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { KeyListQuery } from "#lib/contract/api-key-list.ts";
import { KEY_STATES } from "#lib/contract/key-states.ts";
import { type ReadParams, tableParams, teamParam } from "../../_ui/search-params.ts";

/** The parameters of the list of keys. */
export const KEY_PARAMS = {
  ...teamParam,
  user: teamParam.team,
  cursor: teamParam.team,
  size: tableParams.size,
  status: parseAsArrayOf(parseAsStringLiteral(KEY_STATES)),
  model: parseAsString,
  unused: parseAsBoolean,
  expiring: parseAsBoolean,
  q: parseAsString,
};

type KeyParams = ReadParams<typeof KEY_PARAMS>["values"];

/** What the server is asked for an address. */
export function keyQueryOf(params: KeyParams): KeyListQuery {
  return {
    limit: params.size,
    after: params.cursor ?? undefined,
    status: params.status ?? undefined,
    team: params.team ?? undefined,
    owner: params.user ?? undefined,
    model: params.model ?? undefined,
    unused: params.unused === true,
    expiring: params.expiring === true,
    text: params.q ?? undefined,
  };
}

/** Whether the address asks for less than every key. */
export function isNarrowed(params: KeyParams): boolean {
  const { status, team, user, model, unused, expiring, q } = params;
  return [status, team, user, model, unused, expiring, q].some((value) => value !== null);
}
