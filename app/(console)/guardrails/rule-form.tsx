"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import type { GuardrailInfo } from "#lib/contract/guardrail.ts";
import type { RuleForm as Form } from "#lib/contract/guardrail-form.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../_ui/primitives/card.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { createRule, updateRule } from "./actions.ts";
import { BasicFields } from "./basic-fields.tsx";
import { ConfigFields } from "./config-fields.tsx";
import { DraftTest } from "./draft-test.tsx";
import { EffectFields } from "./effect-fields.tsx";
import { inputOf, newValues, valuesOf } from "./rule-values.ts";

export interface RuleFormProps {
  /** The type of the rule and the fields of its config. */
  type: Form;
  /** The rule that is edited; without it a new one is made. */
  stored?: GuardrailInfo;
}

const LABELS: Readonly<Record<string, string>> = {
  name: "Name",
  description: "Description",
  stage: "Reads",
  action: "Action",
  mode: "Mode",
  fail: "When the check fails",
  scope: "Applies to",
  message: "Message to the caller",
  secret: "Secret",
  config: "Settings",
};

/** Everything about one rule; what its type wants to know is drawn from the type's own schema. */
export function RuleForm({ type, stored }: RuleFormProps) {
  const router = useRouter();
  const form = useActionForm({
    name: `guardrail-${stored?.id ?? type.type}`,
    action: stored === undefined ? createRule : updateRule,
    initial: stored === undefined ? newValues(type) : valuesOf(stored, type),
    toInput: (values) => ({
      ...inputOf(values, type),
      ...(stored === undefined ? { type: type.type } : { id: stored.id }),
    }),
    secretFields: ["secret"],
    ...(stored === undefined
      ? {}
      : {
          version: stored.version,
          // A conflict carries the rule as the server shows it.
          fromCurrent: (current: unknown) => valuesOf(current as GuardrailInfo, type),
        }),
    onDone: (saved) => {
      toast(stored === undefined ? `${saved.name} is added` : `${saved.name} is saved`);
      if (stored === undefined) {
        router.push(`/guardrails/${saved.id}`);
      }
      router.refresh();
    },
  });
  const configLabels = type.fields.map(({ name, title }) => [`config.${name}`, title] as const);
  return (
    <ActionForm form={form} labels={{ ...LABELS, ...Object.fromEntries(configLabels) }}>
      <Card>
        <CardHeader>
          <CardTitle>{type.label}</CardTitle>
          <CardDescription>{type.description}</CardDescription>
        </CardHeader>
        <CardBody className="flex flex-col gap-4">
          <BasicFields form={form} />
          <ConfigFields form={form} type={type} stored={stored} />
        </CardBody>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>When it runs and what it does</CardTitle>
        </CardHeader>
        <CardBody className="flex flex-col gap-4">
          <EffectFields form={form} type={type} />
        </CardBody>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>Try it</CardTitle>
          <CardDescription>
            The rule as it stands in the form, alone and enforced. Nothing is saved or logged.
          </CardDescription>
        </CardHeader>
        <CardBody>
          <DraftTest
            input={() => ({ ...inputOf(form.values, type), type: type.type })}
            ruleId={stored?.id}
            stage={form.values.stage}
          />
        </CardBody>
      </Card>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" isPending={form.isPending}>
          {stored === undefined ? "Add rule" : "Save"}
        </Button>
        {stored !== undefined && form.isDirty ? (
          <>
            <Button onClick={form.reset}>Discard</Button>
            <span className="text-muted-fg text-sm">Unsaved changes</span>
          </>
        ) : null}
      </div>
    </ActionForm>
  );
}
