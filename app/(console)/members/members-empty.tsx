"use client";

import { EmptyState } from "../../_ui/empty-state.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { useParams } from "../../_ui/use-params.ts";
import { MEMBER_PARAMS, NO_FILTERS } from "./members-params.ts";

export interface MembersEmptyProps {
  isFiltered: boolean;
}

/** In place of the rows. */
export function MembersEmpty({ isFiltered }: MembersEmptyProps) {
  const { set } = useParams(MEMBER_PARAMS);
  if (!isFiltered) {
    return (
      <EmptyState title="Just you so far.">
        Invite people to give them keys and pages of their own.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No members match."
      action={<Button onClick={() => set(NO_FILTERS)}>Clear filters</Button>}
    >
      People who were removed are listed only when the status asks for them.
    </EmptyState>
  );
}
