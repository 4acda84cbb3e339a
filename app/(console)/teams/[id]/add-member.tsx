"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import type { TeamInfo } from "#lib/contract/team.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Field } from "../../../_ui/field.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogTitle,
} from "../../../_ui/primitives/dialog.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { Select } from "../../../_ui/primitives/select.tsx";
import { useActionForm } from "../../../_ui/use-action-form.ts";
import { addMember } from "../actions.ts";

export interface AddMemberProps {
  team: TeamInfo;
}

/** Adds somebody to the team by address. */
export function AddMember({ team }: AddMemberProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Add a member</Button>
      <Dialog open={isOpen} onOpenChange={setOpen}>
        <DialogContent>
          <DialogTitle>Add a member to {team.name}</DialogTitle>
          <DialogDescription>
            An address without an account becomes the owner of keys and cannot sign in; send an
            invitation for that.
          </DialogDescription>
          <AddMemberForm team={team} onClose={() => setOpen(false)} />
        </DialogContent>
      </Dialog>
    </>
  );
}

interface AddMemberFormProps {
  team: TeamInfo;
  onClose: () => void;
}

function AddMemberForm({ team, onClose }: AddMemberFormProps) {
  const router = useRouter();
  const form = useActionForm({
    name: "team-member",
    action: addMember,
    initial: { email: "", role: "member" as "member" | "team_admin" },
    schema: () => import("#lib/contract/team-console.ts").then((found) => found.memberAdd),
    toInput: ({ email, role }) => ({ id: team.id, user_email: email, role }),
    onDone: () => {
      onClose();
      router.refresh();
    },
  });
  return (
    <ActionForm form={form}>
      <Field label="Email address" isRequired error={form.errors["user_email"]}>
        {(control) => <Input {...control} type="email" {...form.text("email")} />}
      </Field>
      <Field label="Role in the team" error={form.errors["role"]}>
        {(control) => (
          <Select
            {...control}
            options={[
              { value: "member", label: "Member" },
              { value: "team_admin", label: "Team admin" },
            ]}
            value={form.values.role}
            onValueChange={(role) => form.set("role", role)}
          />
        )}
      </Field>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={form.isPending}>
          Add
        </Button>
      </DialogFooter>
    </ActionForm>
  );
}
