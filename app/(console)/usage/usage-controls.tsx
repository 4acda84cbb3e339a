"use client";

import { USAGE_METRICS } from "#lib/contract/usage-metrics.ts";
import {
  DEFAULT_USAGE_VIEW,
  groupLabel,
  USAGE_GROUPS,
  USAGE_ROLLUPS,
  USAGE_TOPS,
  type UsageGroupId,
  type UsageView,
} from "#lib/contract/usage-view.ts";
import { Select } from "../../_ui/primitives/select.tsx";
import type { SelectOption } from "../../_ui/primitives/select-parts.tsx";
import { SwitchOption } from "../../_ui/primitives/switch.tsx";
import { useParams } from "../../_ui/use-params.ts";
import { viewParams } from "./usage-params.ts";

export interface UsageControlsProps {
  view: UsageView;
  /** Names of tags that requests carry. */
  tags: readonly string[];
  canSeePeople: boolean;
}

const NONE = "none";
const usual = DEFAULT_USAGE_VIEW;

/** What is looked at, and how it is taken apart; all of it in the address. */
export function UsageControls({ view, tags, canSeePeople }: UsageControlsProps) {
  const { set, isPending } = useParams(viewParams);
  const groups = groupOptions(tags, view, canSeePeople);
  const seconds = groups.filter(({ value }) => value !== view.group);
  const tops = USAGE_TOPS.map((top) => ({ value: String(top), label: `Top ${top}` }));
  return (
    <section
      aria-label="How usage is looked at"
      aria-busy={isPending}
      className="flex flex-wrap items-end gap-x-3 gap-y-2"
    >
      <Control
        label="Metric"
        value={view.metric}
        options={USAGE_METRICS.map(({ id, label }) => ({ value: id, label }))}
        onChange={(metric) => set({ metric: metric === usual.metric ? null : metric })}
      />
      <Control
        label="Group by"
        value={view.group}
        options={groups}
        onChange={(group) => set({ group: group === usual.group ? null : group })}
      />
      <Control
        label="Then by"
        value={view.second ?? NONE}
        options={[{ value: NONE, label: "Nothing" }, ...seconds]}
        // biome-ignore lint/suspicious/noThenProperty: the parameter's name in the address.
        onChange={(second) => set({ then: second === NONE ? null : second })}
      />
      <Control
        label="Per"
        value={view.rollup}
        options={USAGE_ROLLUPS.map(({ id, label }) => ({ value: id, label }))}
        onChange={(rollup) => set({ rollup: rollup === usual.rollup ? null : rollup })}
      />
      <Control
        label="Show"
        value={String(view.top)}
        options={tops}
        onChange={(text) => {
          const top = USAGE_TOPS.find((each) => String(each) === text);
          set({ top: top === undefined || top === usual.top ? null : top });
        }}
      />
      <div className="flex h-8 items-center">
        <SwitchOption
          label="Compare with the period before"
          checked={view.compare}
          onCheckedChange={(isOn) => set({ cmp: isOn ? null : "off" })}
        />
      </div>
    </section>
  );
}

function groupOptions(
  tags: readonly string[],
  view: UsageView,
  canSeePeople: boolean,
): SelectOption<string>[] {
  const chosen = [view.group, view.second].filter((group) => group?.startsWith("tag:"));
  const names = new Set<string>([...tags.map((name) => `tag:${name}`), ...chosen.map(String)]);
  return [
    ...USAGE_GROUPS.filter(({ id }) => canSeePeople || id !== "user" || view.group === "user"),
    ...[...names].map((id) => ({ id, label: groupLabel(id as UsageGroupId) })),
  ].map(({ id, label }) => ({ value: id, label }));
}

interface ControlProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly SelectOption<Value>[];
  onChange: (value: Value) => void;
}

function Control<Value extends string>({ label, value, options, onChange }: ControlProps<Value>) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span aria-hidden className="text-muted-fg text-xs">
        {label}
      </span>
      <Select
        aria-label={label}
        isCompact
        className="max-w-56"
        options={options}
        value={value}
        onValueChange={onChange}
      />
    </div>
  );
}
