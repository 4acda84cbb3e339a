"use client";

import { KeyRound } from "lucide-react";
import type { KeyOptions } from "#lib/contract/api-key-console.ts";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { useParams } from "../../_ui/use-params.ts";
import { NO_FILTERS } from "./keys-chips.ts";
import { KEY_PARAMS } from "./keys-params.ts";

export interface KeysEmptyProps {
  isFiltered: boolean;
  options: KeyOptions;
}

/** In place of the rows: nothing matches, or there is no key yet. */
export function KeysEmpty({ isFiltered, options }: KeysEmptyProps) {
  const { set } = useParams(KEY_PARAMS);
  if (isFiltered) {
    return (
      <EmptyState
        title="No keys match."
        action={<Button onClick={() => set({ ...NO_FILTERS, team: null })}>Clear filters</Button>}
      >
        Revoked keys are listed only when the status asks for them.
      </EmptyState>
    );
  }
  if (!options.may_create) {
    return (
      <EmptyState icon={<KeyRound />} title="No keys yet.">
        Members do not make keys here. Ask {options.ask.join(", ")}.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<KeyRound />} title="No keys yet.">
      A key lets one app call the gateway. Create one above.
      {options.models.length === 0
        ? ""
        : ` It can ask for ${options.models.slice(0, 4).join(", ")}${options.models.length > 4 ? " and more" : ""}.`}
    </EmptyState>
  );
}
