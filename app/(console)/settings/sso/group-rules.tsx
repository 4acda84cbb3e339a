"use client";

import { Plus, Trash2 } from "lucide-react";
import { useRef } from "react";
import { FieldError } from "../../../_ui/field.tsx";
import { Fieldset } from "../../../_ui/fieldset.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { Select } from "../../../_ui/primitives/select.tsx";
import type { ActionForm } from "../../../_ui/use-action-form.ts";
import type { RuleRow, SsoValues, Team } from "./sso-values.ts";

const ROLES = [
  { value: "admin", label: "Admin of Conduit" },
  { value: "team_admin", label: "Team admin of" },
  { value: "member", label: "Member of" },
] as const;

export interface GroupRulesProps {
  form: ActionForm<SsoValues>;
  teams: readonly Team[];
}

/** What each group of the identity provider stands for here. */
export function GroupRules({ form, teams }: GroupRulesProps) {
  const made = useRef(0);
  const rules = form.values.group_rules;
  const set = (next: readonly RuleRow[]) => form.set("group_rules", next);

  function add() {
    made.current += 1;
    const team_id = teams[0]?.id ?? null;
    const role = team_id === null ? "admin" : "member";
    set([...rules, { key: `new-${made.current}`, group: "", role, team_id }]);
  }

  return (
    <Fieldset
      legend="Groups"
      hint="Teams that stand here follow the groups: who leaves a group leaves the team. With an admin rule, being an admin does too."
    >
      {rules.length === 0 ? (
        <p className="text-muted-fg text-sm">
          No groups are mapped. Everybody comes in as a member, and teams are managed here.
        </p>
      ) : null}
      {rules.map((rule, at) => (
        <Rule
          key={rule.key}
          rule={rule}
          at={at}
          teams={teams}
          errors={form.errors}
          onChange={(changed) => set(rules.map((each) => (each === rule ? changed : each)))}
          onRemove={() => set(rules.filter((each) => each !== rule))}
        />
      ))}
      <Button className="self-start" onClick={add}>
        <Plus aria-hidden />
        Add group
      </Button>
    </Fieldset>
  );
}

interface RuleProps {
  rule: RuleRow;
  at: number;
  teams: readonly Team[];
  errors: Readonly<Record<string, string | undefined>>;
  onChange: (rule: RuleRow) => void;
  onRemove: () => void;
}

function Rule({ rule, at, teams, errors, onChange, onRemove }: RuleProps) {
  const error = errors[`group_rules.${at}.group`] ?? errors[`group_rules.${at}.team_id`];
  const errorId = `group-rule-${at}-error`;
  const row = `Group ${at + 1}`;
  return (
    <div className="flex flex-col gap-1">
      <div className="grid items-center gap-2 sm:grid-cols-[minmax(0,1fr)_11rem_minmax(0,1fr)_auto]">
        <Input
          aria-label={`${row}: name at the identity provider`}
          aria-invalid={error === undefined ? undefined : true}
          aria-describedby={error === undefined ? undefined : errorId}
          placeholder="Group"
          value={rule.group}
          spellCheck={false}
          onChange={({ target }) => onChange({ ...rule, group: target.value })}
        />
        <Select
          aria-label={`${row}: role`}
          options={ROLES}
          value={rule.role}
          onValueChange={(role) =>
            onChange({
              ...rule,
              role,
              team_id: role === "admin" ? null : (rule.team_id ?? teams[0]?.id ?? null),
            })
          }
        />
        {rule.role === "admin" ? (
          <span className="hidden sm:block" />
        ) : (
          <Select
            aria-label={`${row}: team`}
            options={teams.map(({ id, name }) => ({ value: id, label: name }))}
            value={rule.team_id}
            placeholder="Choose a team"
            onValueChange={(team_id) => onChange({ ...rule, team_id })}
          />
        )}
        <Button
          variant="ghost"
          size="icon"
          aria-label={`Remove ${row.toLowerCase()}`}
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
      <FieldError id={errorId} error={error} />
    </div>
  );
}
