import { createParser, parseAsNumberLiteral, parseAsStringLiteral } from "nuqs/server";
import { USAGE_METRICS } from "#lib/contract/usage-metrics.ts";
import { USAGE_GROUPS, USAGE_ROLLUPS, USAGE_TOPS } from "#lib/contract/usage-view.ts";

/** A group by its id; what is no group of the list is the name of a tag. */
const parseAsGroup = createParser<string>({
  parse: (text) =>
    USAGE_GROUPS.some(({ id }) => id === text) || text.startsWith("tag:") ? text : null,
  serialize: (group) => group,
});

/** The controls of the page in its address. */
export const viewParams = {
  metric: parseAsStringLiteral(USAGE_METRICS.map(({ id }) => id)),
  group: parseAsGroup,
  // biome-ignore lint/suspicious/noThenProperty: it is called so in the address.
  then: parseAsGroup,
  rollup: parseAsStringLiteral(USAGE_ROLLUPS.map(({ id }) => id)),
  top: parseAsNumberLiteral(USAGE_TOPS),
  cmp: parseAsStringLiteral(["on", "off"]),
};
