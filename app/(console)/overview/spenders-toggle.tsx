"use client";

import { parseAsStringLiteral } from "nuqs/server";
import { SPENDER_GROUPS, type SpenderGroup } from "#lib/contract/overview.ts";
import { ToggleGroup } from "../../_ui/primitives/toggle-group.tsx";
import { useParams } from "../../_ui/use-params.ts";

export interface SpendersToggleProps {
  by: SpenderGroup;
  canSeePeople: boolean;
}

const LABELS: Readonly<Record<SpenderGroup, string>> = {
  key: "Key",
  team: "Team",
  user: "User",
  model: "Model",
};

const PARAMS = { by: parseAsStringLiteral(SPENDER_GROUPS) };

/** What the table of spenders lists. */
export function SpendersToggle({ by, canSeePeople }: SpendersToggleProps) {
  const { set } = useParams(PARAMS);
  const groups = SPENDER_GROUPS.filter((group) => canSeePeople || group !== "user");
  return (
    <ToggleGroup
      aria-label="Top spenders by"
      options={groups.map((value) => ({ value, label: LABELS[value] }))}
      value={by}
      onValueChange={(value) => set({ by: value })}
    />
  );
}
