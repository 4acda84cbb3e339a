"use client";

import { ACTION_WORDS, MODE_WORDS, STAGE_WORDS } from "#lib/catalog/guardrail-words.ts";
import type { StageChoice } from "#lib/contract/guardrail.ts";
import type { RuleForm } from "#lib/contract/guardrail-form.ts";
import { RULE_MODES } from "#lib/contract/guardrail-verdict.ts";
import { Field } from "../../_ui/field.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import { Textarea } from "../../_ui/primitives/textarea.tsx";
import type { ActionForm } from "../../_ui/use-action-form.ts";
import { actionChoices, type RuleValues, stageChoices } from "./rule-values.ts";
import { ScopeFields } from "./scope-fields.tsx";

interface EffectFieldsProps {
  form: ActionForm<RuleValues>;
  type: RuleForm;
}

const STAGE_HINTS = {
  pre: "Before anything is sent.",
  during: "The model works meanwhile; nothing of its answer leaves before the verdict.",
  post: "Before the caller gets it.",
  both: "Before anything is sent, and before the caller gets the answer.",
} as const;

const ACTION_HINTS = {
  block: "The request is refused with 400 content_blocked.",
  redact: "A label such as [EMAIL] takes its place for good.",
  mask: "A placeholder is sent; the caller gets the original back.",
  warn: "The response says so in a header.",
  log: "It is recorded, and nothing else.",
} as const;

const MODE_HINTS = {
  enforced: "It acts.",
  shadow: "It finds and records what it would have done.",
  off: "It does not run.",
} as const;

/** When the rule runs, what it does then, for whom, and what happens when it cannot say. */
export function EffectFields({ form, type }: EffectFieldsProps) {
  const { stage, action, mode, fail } = form.values;
  const actions = actionChoices(type, stage);
  function chooseStage(next: StageChoice) {
    form.set("stage", next);
    const possible = actionChoices(type, next);
    if (!possible.includes(action)) {
      form.set("action", possible[0] ?? "log");
    }
  }
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Reads"
          error={form.errors["stage"]}
          hint={stage === "post" || stage === "both" ? STREAMS : null}
        >
          {(control) => (
            <Select
              {...control}
              options={stageChoices(type).map((value) => ({
                value,
                label: STAGE_WORDS[value],
                hint: STAGE_HINTS[value],
              }))}
              value={stage}
              onValueChange={chooseStage}
            />
          )}
        </Field>
        <Field label="Action" error={form.errors["action"]} hint={ACTION_HINTS[action]}>
          {(control) => (
            <Select
              {...control}
              options={actions.map((value) => ({
                value,
                label: ACTION_WORDS[value],
                hint: ACTION_HINTS[value],
              }))}
              value={action}
              onValueChange={(next) => form.set("action", next)}
            />
          )}
        </Field>
        <Field label="Mode" error={form.errors["mode"]} hint={MODE_HINTS[mode]}>
          {(control) => (
            <Select
              {...control}
              options={RULE_MODES.map((value) => ({
                value,
                label: MODE_WORDS[value],
                hint: MODE_HINTS[value],
              }))}
              value={mode}
              onValueChange={(next) => form.set("mode", next)}
            />
          )}
        </Field>
        <Field
          label="When the check fails"
          error={form.errors["fail"]}
          hint={
            action === "warn" || action === "log"
              ? "A rule that only warns or logs never stops a request, whatever is chosen here."
              : "When it is down, too slow, or answers nonsense. The verdict says so either way."
          }
        >
          {(control) => (
            <Select
              {...control}
              options={FAILS}
              value={fail}
              onValueChange={(next) => form.set("fail", next)}
            />
          )}
        </Field>
      </div>
      <ScopeFields form={form} />
      {action === "block" ? (
        <Field
          label="Message to the caller"
          error={form.errors["message"]}
          hint="What somebody reads who is blocked. Empty is a sentence that names the rule."
        >
          {(control) => <Textarea {...control} rows={2} {...form.text("message")} />}
        </Field>
      ) : null}
    </>
  );
}

const FAILS = [
  { value: "closed", label: "Refuse the request", hint: "Nothing passes unread." },
  { value: "open", label: "Let it pass", hint: "The verdict is recorded as failed." },
] as const;

const STREAMS =
  "Streamed answers are held back until they are checked: by the length of a match where the rule looks for spans, whole where it judges the text as one. In shadow mode, and to warn or log, nothing is held back.";
