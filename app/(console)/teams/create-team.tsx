"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Field } from "../../_ui/field.tsx";
import { FormSheet } from "../../_ui/form-sheet.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { createTeam } from "./actions.ts";
import { LIMIT_LABELS, limitsInput, limitValuesOf, TeamLimitFields } from "./team-limit-fields.tsx";

const INITIAL = { name: "", limits: limitValuesOf(null) };

/** The page's main button, with the form for a new team. */
export function CreateTeam() {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const form = useActionForm({
    name: "team",
    action: createTeam,
    initial: INITIAL,
    schema: () => import("#lib/contract/team.ts").then((found) => found.teamCreate),
    toInput: ({ name, limits }) => ({ name, ...limitsInput(limits) }),
    onDone: (team) => {
      setOpen(false);
      router.push(`/teams/${team.id}` as Route);
    },
  });
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        Create team
      </Button>
      <FormSheet
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Create team"
        submitLabel="Create team"
        form={form}
        labels={{ name: "Name", ...LIMIT_LABELS }}
      >
        <Field label="Name" isRequired error={form.errors["name"]}>
          {(control) => <Input {...control} autoComplete="off" {...form.text("name")} />}
        </Field>
        <TeamLimitFields
          values={form.values.limits}
          errors={form.errors}
          onChange={(limits) => form.set("limits", limits)}
        />
      </FormSheet>
    </>
  );
}
