import type { SearchParams } from "nuqs/server";
import { parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { DeploymentBoardRow } from "#lib/contract/deployment-board.ts";
import { readParams, tableParams } from "../../_ui/search-params.ts";

const STATES = ["active", "off", "open"] as const;
const SORTS = ["name", "model", "provider", "requests", "errors", "p95"] as const;
const TABS = ["deployments", "models"] as const;

const PARAMS = {
  tab: parseAsStringLiteral(TABS).withDefault("deployments"),
  provider: parseAsString,
  state: parseAsStringLiteral(STATES),
  alias: parseAsString,
  unpriced: parseAsBoolean,
  q: parseAsString,
  sort: parseAsStringLiteral(SORTS).withDefault("model"),
  dir: tableParams.dir.withDefault("asc"),
};

/** What the address of the page asks for, and what in it makes no sense. */
export function readBoardQuery(params: SearchParams) {
  return readParams(PARAMS, params);
}
export type BoardQuery = ReturnType<typeof readBoardQuery>["values"];

/** Whether anything narrows the list. */
export function isNarrowed({ provider, state, alias, unpriced, q }: BoardQuery): boolean {
  return [provider, state, alias, unpriced, q].some((value) => value !== null);
}

/** The rows that an address asks for, in its order. */
export function selectRows(
  rows: readonly DeploymentBoardRow[],
  query: BoardQuery,
): DeploymentBoardRow[] {
  const factor = query.dir === "desc" ? -1 : 1;
  const compare = COMPARE[query.sort];
  return rows
    .filter((row) => matches(row, query))
    .toSorted((a, b) => factor * compare(a, b) || byName(a, b));
}

function matches({ deployment, aliases, price }: DeploymentBoardRow, query: BoardQuery): boolean {
  const { provider, alias, unpriced, q, state } = query;
  const text = `${deployment.name} ${deployment.model_name} ${deployment.tags.join(" ")}`;
  return (
    (provider === null || deployment.provider === provider) &&
    (alias === null || aliases.includes(alias)) &&
    (unpriced !== true || price.state === "unpriced") &&
    (q === null || text.toLowerCase().includes(q.toLowerCase())) &&
    (state === null || IS_IN_STATE[state](deployment))
  );
}

const IS_IN_STATE: Readonly<
  Record<(typeof STATES)[number], (row: DeploymentBoardRow["deployment"]) => boolean>
> = {
  active: ({ is_active }) => is_active,
  off: ({ is_active }) => !is_active,
  open: ({ health }) => health.state !== "closed",
};

type Compare = (a: DeploymentBoardRow, b: DeploymentBoardRow) => number;

const byName: Compare = (a, b) => a.deployment.name.localeCompare(b.deployment.name);

const COMPARE: Readonly<Record<(typeof SORTS)[number], Compare>> = {
  name: byName,
  model: (a, b) =>
    a.deployment.model_name.localeCompare(b.deployment.model_name) ||
    a.deployment.priority - b.deployment.priority,
  provider: (a, b) => a.deployment.provider.localeCompare(b.deployment.provider),
  requests: (a, b) => a.traffic.requests - b.traffic.requests,
  errors: (a, b) => (a.traffic.error_rate ?? -1) - (b.traffic.error_rate ?? -1),
  p95: (a, b) => (a.traffic.latency_p95_ms ?? -1) - (b.traffic.latency_p95_ms ?? -1),
};
