"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import type { TeamInfo } from "#lib/contract/team.ts";
import type { TeamPowers } from "#lib/contract/team-console.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Field } from "../../../_ui/field.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Card, CardBody } from "../../../_ui/primitives/card.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { useActionForm } from "../../../_ui/use-action-form.ts";
import { updateTeam } from "../actions.ts";
import { DeleteTeam } from "./delete-team.tsx";

export interface SettingsTabProps {
  team: TeamInfo;
  powers: TeamPowers;
}

/** The team's name, and for admins its end. */
export function SettingsTab({ team, powers }: SettingsTabProps) {
  const router = useRouter();
  const form = useActionForm({
    name: "team-name",
    action: updateTeam,
    initial: { name: team.name },
    schema: () => import("#lib/contract/team-console.ts").then((found) => found.teamEdit),
    version: team.version,
    // A conflict's `current` is the team as the server shows it.
    fromCurrent: (current) => ({ name: (current as TeamInfo).name }),
    toInput: ({ name }) => ({ id: team.id, name }),
    onDone: () => {
      toast("Name saved.");
      router.refresh();
    },
  });
  return (
    <div className="flex max-w-2xl flex-col gap-6">
      <Card>
        <CardBody>
          <ActionForm form={form}>
            <Field label="Name" isRequired error={form.errors["name"]}>
              {(control) => <Input {...control} autoComplete="off" {...form.text("name")} />}
            </Field>
            <Button type="submit" isPending={form.isPending}>
              Save name
            </Button>
          </ActionForm>
        </CardBody>
      </Card>
      {powers.manages ? <DeleteTeam team={team} /> : null}
    </div>
  );
}
