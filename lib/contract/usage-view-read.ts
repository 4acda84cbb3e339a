import { z } from "zod";
import type { RawParams } from "./log-filter.ts";
import { USAGE_METRICS } from "./usage-metrics.ts";
import {
  DEFAULT_USAGE_VIEW,
  USAGE_GROUPS,
  USAGE_ROLLUPS,
  USAGE_TOPS,
  type UsageGroupId,
  type UsageTop,
  type UsageView,
} from "./usage-view.ts";

/** A tag's name; longer ones are not stored. */
const MAX_TAG = 256;
const tagGroup = z.templateLiteral([z.literal("tag:"), z.string().min(1).max(MAX_TAG)]);

const usageGroup = z.union([z.enum(USAGE_GROUPS.map(({ id }) => id)), tagGroup]);

const FIELDS = {
  metric: z.enum(USAGE_METRICS.map(({ id }) => id)),
  rollup: z.enum(USAGE_ROLLUPS.map(({ id }) => id)),
  top: z.coerce.number().pipe(z.literal(USAGE_TOPS)),
} as const;

/** Every parameter that `readUsageView` reads. */
export const USAGE_VIEW_NAMES: readonly string[] = [...Object.keys(FIELDS), "group", "then", "cmp"];

/** Reads the view of an address; what cannot be read is named in `ignored`, never dropped. */
export function readUsageView(params: RawParams): {
  view: UsageView;
  ignored: { name: string; value: string }[];
} {
  const ignored: { name: string; value: string }[] = [];
  const read = <Value>(name: string, schema: z.ZodType<Value>, usual: Value): Value => {
    const raw = params[name];
    if (raw === undefined || raw === "") {
      return usual;
    }
    const parsed = schema.safeParse(raw);
    if (!parsed.success) {
      ignored.push({ name, value: String(raw) });
    }
    return parsed.success ? parsed.data : usual;
  };
  const usual = DEFAULT_USAGE_VIEW;
  const group = read<UsageGroupId>("group", usageGroup, usual.group);
  const second = read<UsageGroupId | null>("then", usageGroup, usual.second);
  const view: UsageView = {
    metric: read("metric", FIELDS.metric, usual.metric),
    group,
    second: second === group ? null : second,
    rollup: read("rollup", FIELDS.rollup, usual.rollup),
    top: read<UsageTop>("top", FIELDS.top, usual.top),
    compare: read("cmp", z.enum(["on", "off"]), "on") === "on",
  };
  return { view, ignored };
}
