import type { KeyState } from "#lib/contract/api-key-list.ts";
import { KEY_STATE_LABELS } from "./key-state-chip.tsx";

export const NO_FILTERS = {
  status: null,
  user: null,
  model: null,
  unused: null,
  expiring: null,
  q: null,
} as const;

interface Values {
  status: KeyState[] | null;
  user: string | null;
  model: string | null;
  unused: boolean | null;
  expiring: boolean | null;
  q: string | null;
}

/** A filter that is set, in words, and the change of the address that takes it off. */
export interface KeyChip {
  id: string;
  text: string;
  without: Partial<Values>;
}

export function chipsOf(values: Values): KeyChip[] {
  const { status, user, model, unused, expiring, q } = values;
  const states = (status ?? []).map((state): KeyChip => {
    const rest = status?.filter((each) => each !== state) ?? [];
    return {
      id: state,
      text: `Status: ${KEY_STATE_LABELS[state].label}`,
      without: { status: rest.length === 0 ? null : rest },
    };
  });
  const singles: (KeyChip | null)[] = [
    user === null ? null : { id: "user", text: "Owner: one person", without: { user: null } },
    model === null
      ? null
      : { id: "model", text: `May ask for: ${model}`, without: { model: null } },
    unused === true
      ? { id: "unused", text: "Unused for 30 days", without: { unused: null } }
      : null,
    expiring === true
      ? { id: "expiring", text: "Expires within 7 days", without: { expiring: null } }
      : null,
    q === null || q === "" ? null : { id: "q", text: `Text: ${q}`, without: { q: null } },
  ];
  return [...states, ...singles.filter((chip) => chip !== null)];
}
