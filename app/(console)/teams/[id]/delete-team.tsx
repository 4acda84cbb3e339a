"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { TeamInfo } from "#lib/contract/team.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { EntityCombobox } from "../../../_ui/entity-combobox.tsx";
import { Field } from "../../../_ui/field.tsx";
import { Fieldset } from "../../../_ui/fieldset.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { RadioGroup, RadioOption } from "../../../_ui/primitives/radio-group.tsx";
import { useIsland } from "../../../_ui/use-island.ts";
import { deleteTeam } from "../actions.ts";

interface TeamEffect {
  key_count: number;
  requests_hour: number;
  member_count: number;
}

export interface DeleteTeamProps {
  team: TeamInfo;
}

/** Ends a team after a choice for its keys. */
export function DeleteTeam({ team }: DeleteTeamProps) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const [keys, setKeys] = useState<"move" | "revoke">("move");
  const [heir, setHeir] = useState<string | null>(null);
  const { data: effect } = useIsland<TeamEffect>(isOpen ? `/api/console/teams/${team.id}` : null);
  const hasKeys = effect === undefined || effect.key_count > 0;
  return (
    <Card>
      <CardHeader>
        <CardTitle>Delete this team</CardTitle>
        <CardDescription>
          Its members stay. Its past requests keep its name. Its keys move to another team or end.
        </CardDescription>
      </CardHeader>
      <CardBody>
        <Button variant="danger" onClick={() => setOpen(true)}>
          Delete team
        </Button>
      </CardBody>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Delete ${team.name}`}
        verb="Delete team"
        effect={effectText(effect)}
        typedName={team.name}
        action={deleteTeam}
        input={
          hasKeys
            ? { id: team.id, keys, move_to: keys === "move" ? heir : null }
            : { id: team.id, keys: "revoke" }
        }
        onDone={() => router.push("/teams" as Route)}
      >
        {hasKeys ? (
          <Fieldset legend="Its keys">
            <RadioGroup
              aria-label="Its keys"
              value={keys}
              onValueChange={(value) => setKeys(value === "revoke" ? "revoke" : "move")}
            >
              <RadioOption
                value="move"
                label="Move to another team"
                hint="They keep working, under that team's limits."
              />
              <RadioOption
                value="revoke"
                label="Revoke"
                hint="They are refused at once, for good."
              />
            </RadioGroup>
            {keys === "move" ? (
              <Field label="Team" isRequired>
                {(control) => (
                  <EntityCombobox
                    {...control}
                    type="team"
                    value={heir}
                    onValueChange={setHeir}
                    without={[team.id]}
                  />
                )}
              </Field>
            ) : null}
          </Fieldset>
        ) : null}
      </ConfirmDialog>
    </Card>
  );
}

function effectText(effect: TeamEffect | undefined): string {
  if (effect === undefined) {
    return "Counting what uses this team.";
  }
  return `${formatCount(effect.member_count)} members lose the team, and ${formatCount(effect.key_count)} keys with ${formatCount(effect.requests_hour)} requests in the last hour need a new one.`;
}
