"use client";

import { useState } from "react";
import type { MemberChoice } from "#lib/contract/alias-board.ts";
import { sharesOf } from "#lib/contract/share.ts";
import { Chip } from "../../_ui/chip.tsx";
import { CircuitBadge } from "../../_ui/circuit-badge.tsx";
import { FieldError } from "../../_ui/field.tsx";
import { formatPercent } from "../../_ui/format.ts";
import { Combobox } from "../../_ui/primitives/combobox.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { Scroller } from "../../_ui/scroller.tsx";
import type { ActionForm } from "../../_ui/use-action-form.ts";
import { type AliasValues, type MemberValues, moveMember } from "./alias-values.ts";
import { MoveButtons } from "./move-buttons.tsx";

interface MemberTableProps {
  form: ActionForm<AliasValues>;
  choices: readonly MemberChoice[];
}

/** The deployments behind an alias, with the share that follows from what is typed. */
export function MemberTable({ form, choices }: MemberTableProps) {
  const [said, say] = useState("");
  const { members, strategy } = form.values;
  const byId = new Map(choices.map((choice) => [choice.id, choice]));
  const shares = sharesOf(
    strategy,
    members.map((member) => ({
      priority: Number(member.priority),
      weight: Number(member.weight),
      isActive: byId.get(member.deployment_id)?.is_active === true,
    })),
  );
  const change = (next: readonly MemberValues[]) => form.set("members", next);
  const edit = (at: number, part: Partial<MemberValues>) =>
    change(members.map((member, index) => (index === at ? { ...member, ...part } : member)));

  function move(from: number, to: number) {
    const next = moveMember(members, { from, to });
    change(next);
    const moved = next[to];
    say(`${moved?.deployment} is ${to + 1} of ${next.length}, priority ${moved?.priority}.`);
  }

  return (
    <div className="flex flex-col gap-3">
      <FieldError id="members-error" error={form.errors["members"]} />
      {members.length === 0 ? (
        <p className="text-muted-fg text-sm">No members yet. Add at least one deployment.</p>
      ) : (
        <Scroller label="Members">
          <table className="w-full text-left text-sm">
            <caption className="sr-only">Members</caption>
            <thead className="text-muted-fg text-xs">
              <tr>
                <th scope="col" className="px-2 py-1 font-medium">
                  Deployment
                </th>
                <th scope="col" className="px-2 py-1 font-medium">
                  Priority
                </th>
                <th scope="col" className="px-2 py-1 font-medium">
                  Weight
                </th>
                <th scope="col" className="px-2 py-1 text-right font-medium">
                  Share
                </th>
                <th scope="col" className="px-2 py-1 font-medium">
                  State
                </th>
                <th scope="col" className="px-2 py-1 text-right font-medium">
                  Order
                </th>
              </tr>
            </thead>
            <tbody>
              {members.map((member, at) => (
                <tr key={member.deployment_id} className="border-border border-t">
                  <th scope="row" className="px-2 py-1.5 font-medium">
                    {member.deployment}
                    <span className="block font-mono font-normal text-muted-fg text-xs">
                      {byId.get(member.deployment_id)?.model_name}
                    </span>
                  </th>
                  <NumberCell
                    label={`Priority of ${member.deployment}`}
                    value={member.priority}
                    error={form.errors[`members.${at}.priority`]}
                    onChange={(priority) => edit(at, { priority })}
                  />
                  <NumberCell
                    label={`Weight of ${member.deployment}`}
                    value={member.weight}
                    error={form.errors[`members.${at}.weight`]}
                    onChange={(weight) => edit(at, { weight })}
                  />
                  <td className="px-2 py-1.5 text-right tabular-nums">
                    {shareText(shares[at] ?? null)}
                  </td>
                  <td className="px-2 py-1.5">
                    <MemberState choice={byId.get(member.deployment_id)} />
                  </td>
                  <td className="px-2 py-1.5 text-right">
                    <MoveButtons
                      name={member.deployment}
                      at={at}
                      count={members.length}
                      onMove={(to) => move(at, to)}
                      onRemove={() => change(members.toSpliced(at, 1))}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
      <p role="status" className="sr-only">
        {said}
      </p>
      <AddMember
        choices={choices.filter(({ id }) => !members.some((each) => each.deployment_id === id))}
        onAdd={({ id, name }) =>
          change([
            ...members,
            { deployment_id: id, deployment: name, priority: "1", weight: "100" },
          ])
        }
      />
    </div>
  );
}

function shareText(share: number | null): string {
  if (share === null || Number.isNaN(share)) {
    return "per request";
  }
  return share === 0 ? "backup" : formatPercent(share);
}

interface NumberCellProps {
  label: string;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

function NumberCell({ label, value, error, onChange }: NumberCellProps) {
  return (
    <td className="px-2 py-1.5">
      <Input
        aria-label={label}
        aria-invalid={error === undefined ? undefined : true}
        title={error}
        inputMode="numeric"
        className="w-20"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </td>
  );
}

function MemberState({ choice }: { choice: MemberChoice | undefined }) {
  return choice?.is_active === true ? <CircuitBadge state={choice.circuit} /> : <Chip>Off</Chip>;
}

interface AddMemberProps {
  choices: readonly MemberChoice[];
  onAdd: (choice: MemberChoice) => void;
}

function AddMember({ choices, onAdd }: AddMemberProps) {
  return (
    <Combobox
      key={choices.length}
      aria-label="Add a deployment"
      placeholder="Add a deployment"
      className="max-w-sm"
      emptyText="Every deployment is a member already."
      options={choices.map(({ id, name, model_name: model }) => ({
        value: id,
        label: name,
        hint: model,
      }))}
      value={null}
      onValueChange={(id) => {
        const choice = choices.find((each) => each.id === id);
        if (choice !== undefined) {
          onAdd(choice);
        }
      }}
    />
  );
}
