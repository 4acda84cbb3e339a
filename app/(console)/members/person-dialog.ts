import type { PersonEffect, PersonInfo } from "#lib/contract/people.ts";
import { formatCount } from "../../_ui/format.ts";
import { useIsland } from "../../_ui/use-island.ts";

/** What every dialog about a person is given. */
export interface PersonDialogProps {
  person: PersonInfo;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onDone: () => void;
}

/** What a change would touch, counted by the server while the dialog is open. */
export function usePersonEffect(id: string, isOpen: boolean) {
  return useIsland<PersonEffect>(isOpen ? `/api/console/people/${id}` : null);
}

/** "3 keys and 412 requests in the last hour." */
export function effectText(effect: PersonEffect | undefined, person: PersonInfo): string {
  const keys = effect?.key_count ?? person.key_count;
  const noun = keys === 1 ? "key" : "keys";
  const requests =
    effect === undefined
      ? ""
      : ` with ${formatCount(effect.requests_hour)} requests in the last hour`;
  return `${formatCount(keys)} ${noun}${requests}`;
}
