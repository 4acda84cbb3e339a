"use client";

import type { InviteResult } from "#lib/contract/people.ts";
import { MOST_INVITES } from "#lib/contract/person-facts.ts";
import { Field } from "../../_ui/field.tsx";
import { Fieldset } from "../../_ui/fieldset.tsx";
import { FormSheet } from "../../_ui/form-sheet.tsx";
import { RadioGroup, RadioOption } from "../../_ui/primitives/radio-group.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import { Textarea } from "../../_ui/primitives/textarea.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { inviteMembers } from "./actions.ts";

export interface InviteSheetProps {
  teams: readonly { id: string; name: string }[];
  mayInviteAdmins: boolean;
  onClose: () => void;
  onInvited: (results: readonly InviteResult[]) => void;
}

type TeamRole = "none" | "member" | "team_admin";

interface InviteValues extends Record<string, unknown> {
  emails: string;
  role: "admin" | "member";
  teams: Readonly<Record<string, TeamRole>>;
}

const INITIAL: InviteValues = { emails: "", role: "member", teams: {} };

/** Addresses, and what the people behind them will be. */
export function InviteSheet({ teams, mayInviteAdmins, onClose, onInvited }: InviteSheetProps) {
  const form = useActionForm({
    name: "invite",
    action: inviteMembers,
    initial: INITIAL,
    schema: () => import("#lib/contract/people.ts").then((found) => found.inviteCreate),
    toInput: inputOf,
    onDone: ({ results }) => onInvited(results),
  });
  return (
    <FormSheet
      isOpen
      onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}
      title="Invite people"
      description="Each address gets a link of its own, good once and for seven days. Conduit sends no mail: you pass the links on."
      submitLabel="Make links"
      form={form}
      labels={{ emails: "Email addresses", teams: "Teams", role: "Role" }}
    >
      <Field
        label="Email addresses"
        isRequired
        error={form.errors["emails"]}
        hint={`Up to ${MOST_INVITES}, one a line or separated by commas.`}
      >
        {(control) => <Textarea {...control} rows={5} {...form.text("emails")} />}
      </Field>
      {mayInviteAdmins ? (
        <Fieldset legend="Role" error={form.errors["role"]}>
          <RadioGroup
            aria-label="Role"
            value={form.values.role}
            onValueChange={(role) => form.set("role", role === "admin" ? "admin" : "member")}
          >
            <RadioOption
              value="member"
              label="Member"
              hint="Own keys and own requests, and what a team gives."
            />
            <RadioOption value="admin" label="Admin" hint="Everything in this install." />
          </RadioGroup>
        </Fieldset>
      ) : null}
      {teams.length === 0 ? null : (
        <Fieldset
          legend="Teams"
          hint={mayInviteAdmins ? "Optional." : "At least one of the teams that you lead."}
          error={form.errors["teams"]}
        >
          {teams.map((team) => (
            <TeamChoice
              key={team.id}
              name={team.name}
              role={form.values.teams[team.id] ?? "none"}
              onChange={(role) => form.set("teams", { ...form.values.teams, [team.id]: role })}
            />
          ))}
        </Fieldset>
      )}
    </FormSheet>
  );
}

interface TeamChoiceProps {
  name: string;
  role: TeamRole;
  onChange: (role: TeamRole) => void;
}

function TeamChoice({ name, role, onChange }: TeamChoiceProps) {
  return (
    <div className="flex items-center justify-between gap-3">
      <span className="min-w-0 break-words text-sm">{name}</span>
      <Select
        aria-label={`Role in ${name}`}
        isCompact
        className="w-36 shrink-0"
        value={role}
        onValueChange={onChange}
        options={[
          { value: "none", label: "Not in it" },
          { value: "member", label: "Member" },
          { value: "team_admin", label: "Team admin" },
        ]}
      />
    </div>
  );
}

function inputOf(values: InviteValues) {
  const teams = Object.entries(values.teams).filter(([, role]) => role !== "none");
  return {
    emails: values.emails.split(/[\s,;]+/).filter((email) => email !== ""),
    role: values.role,
    teams: teams.map(([id, role]) => ({ team_id: id, role })),
  };
}
