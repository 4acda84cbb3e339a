"use client";

import { Field } from "../../../_ui/field.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { Select } from "../../../_ui/primitives/select.tsx";
import { SwitchOption } from "../../../_ui/primitives/switch.tsx";
import { Textarea } from "../../../_ui/primitives/textarea.tsx";
import type { ActionForm } from "../../../_ui/use-action-form.ts";
import { GroupRules } from "./group-rules.tsx";
import { listError, type SsoValues, type Team } from "./sso-values.ts";

const NO_TEAM = "none";

export interface AccessCardProps {
  form: ActionForm<SsoValues>;
  teams: readonly Team[];
}

/** Who may come in, as what, and where that stands in the claims. */
export function AccessCard({ form, teams }: AccessCardProps) {
  const { errors, values } = form;
  return (
    <Card>
      <CardHeader>
        <CardTitle>People and roles</CardTitle>
        <CardDescription>Roles and teams follow the groups at every sign-in.</CardDescription>
      </CardHeader>
      <CardBody className="flex flex-col gap-4">
        <div className="flex max-w-xl flex-col gap-4">
          <Field
            label="Allowed domains"
            error={listError(errors, "allowed_domains")}
            hint="One on each line. Nobody gets a new account, or an existing one bound, from another domain."
          >
            {(control) => (
              <Textarea
                {...control}
                {...form.text("allowed_domains")}
                rows={3}
                spellCheck={false}
                placeholder="example.com"
              />
            )}
          </Field>
          <SwitchOption
            label="Create accounts at the first sign-in"
            hint="Otherwise people have to be invited first."
            checked={values.create_people}
            onCheckedChange={(isOn) => form.set("create_people", isOn)}
          />
          <Field
            label="First team"
            error={errors["default_team_id"]}
            hint="New accounts become members of it."
          >
            {(control) => (
              <Select
                {...control}
                options={[
                  { value: NO_TEAM, label: "None" },
                  ...teams.map(({ id, name }) => ({ value: id, label: name })),
                ]}
                value={values.default_team_id ?? NO_TEAM}
                onValueChange={(id) => form.set("default_team_id", id === NO_TEAM ? null : id)}
              />
            )}
          </Field>
        </div>
        <div className="grid max-w-3xl gap-4 sm:grid-cols-3">
          <Field label="Email claim" isRequired error={errors["claims.email"]}>
            {(control) => <Input {...control} {...form.text("claim_email")} spellCheck={false} />}
          </Field>
          <Field label="Name claim" isRequired error={errors["claims.name"]}>
            {(control) => <Input {...control} {...form.text("claim_name")} spellCheck={false} />}
          </Field>
          <Field
            label="Groups claim"
            isRequired
            error={errors["claims.groups"]}
            hint="A dotted path works: realm_access.roles"
          >
            {(control) => <Input {...control} {...form.text("claim_groups")} spellCheck={false} />}
          </Field>
        </div>
        <GroupRules form={form} teams={teams} />
      </CardBody>
    </Card>
  );
}
