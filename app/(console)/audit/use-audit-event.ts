"use client";

import { parseAsString, useQueryState } from "nuqs";

/** The event that is open beside the list, in the address: `[id, open]`; `null` closes. */
export function useAuditEvent(): [string | null, (id: string | null) => void] {
  // Shallow: the list stays as it is, and the drawer asks for its event itself.
  const [id, setId] = useQueryState("event", parseAsString.withOptions({ history: "push" }));
  return [id, (next) => void setId(next)];
}
