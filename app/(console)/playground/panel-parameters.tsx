"use client";

import { SlidersHorizontal } from "lucide-react";
import { Field } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { CheckboxOption } from "../../_ui/primitives/checkbox.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "../../_ui/primitives/popover.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import { Textarea } from "../../_ui/primitives/textarea.tsx";
import { type ParameterTexts, problemsOf } from "./parameter-texts.ts";
import type { Panel } from "./playground-state.ts";

const NUMBERS = [
  { name: "temperature", label: "Temperature" },
  { name: "top_p", label: "Top p" },
  { name: "max_tokens", label: "Max tokens" },
  { name: "seed", label: "Seed" },
] as const;

const FORMATS = [
  { value: "text", label: "Text" },
  { value: "json_object", label: "JSON" },
  { value: "json_schema", label: "JSON schema" },
] as const;

export interface PanelParametersProps {
  panel: Panel;
  onChange: (change: Partial<Omit<Panel, "id">>) => void;
}

/** What is sent beside the messages. An empty box sends nothing. */
export function PanelParameters({ panel, onChange }: PanelParametersProps) {
  const { parameters } = panel;
  const problems = problemsOf(parameters);
  const set = (change: Partial<ParameterTexts>) =>
    onChange({ parameters: { ...parameters, ...change } });
  const isBroken = Object.keys(problems).length > 0;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Popover>
        <PopoverTrigger render={<Button size="sm" />}>
          <SlidersHorizontal aria-hidden />
          Parameters{countOf(parameters)}
        </PopoverTrigger>
        <PopoverContent
          className="flex max-h-[70dvh] w-80 flex-col gap-3 overflow-y-auto"
          aria-label="Parameters"
        >
          <div className="grid grid-cols-2 gap-3">
            {NUMBERS.map(({ name, label }) => (
              <Field key={name} label={label} error={problems[name]}>
                {(control) => (
                  <Input
                    {...control}
                    inputMode="decimal"
                    value={parameters[name]}
                    onChange={({ target }) => set({ [name]: target.value })}
                  />
                )}
              </Field>
            ))}
          </div>
          <Field label="Stop" hint="Up to four texts that end the answer, one on each line.">
            {(control) => (
              <Textarea
                {...control}
                rows={2}
                value={parameters.stop}
                onChange={({ target }) => set({ stop: target.value })}
              />
            )}
          </Field>
          <Field label="Response format">
            {(control) => (
              <Select
                {...control}
                options={FORMATS}
                value={parameters.response_format}
                onValueChange={(response_format) => set({ response_format })}
              />
            )}
          </Field>
          {parameters.response_format === "json_schema" ? (
            <JsonField
              label="Schema"
              text={parameters.schema}
              problem={problems.schema}
              onChange={(schema) => set({ schema })}
            />
          ) : null}
          <JsonField
            label="Tools"
            text={parameters.tools}
            problem={problems.tools}
            onChange={(tools) => set({ tools })}
          />
          <CheckboxOption
            label="A system prompt of its own"
            checked={panel.system !== null}
            onCheckedChange={(isOwn) => onChange({ system: isOwn ? "" : null })}
          />
          {panel.system === null ? null : (
            <Textarea
              aria-label="System prompt of this panel"
              rows={3}
              value={panel.system}
              onChange={({ target }) => onChange({ system: target.value })}
            />
          )}
        </PopoverContent>
      </Popover>
      {panel.system === null ? null : (
        <span className="text-muted-fg text-xs">Own system prompt</span>
      )}
      {isBroken ? (
        <span role="alert" className="text-danger text-xs">
          {Object.values(problems)[0]}
        </span>
      ) : null}
    </div>
  );
}

function countOf(parameters: ParameterTexts): string {
  const count = Object.entries(parameters).filter(
    ([name, value]) => value !== "" && !(name === "response_format" && value === "text"),
  ).length;
  return count === 0 ? "" : ` (${count})`;
}

interface JsonFieldProps {
  label: string;
  text: string;
  problem: string | undefined;
  onChange: (text: string) => void;
}

function JsonField({ label, text, problem, onChange }: JsonFieldProps) {
  return (
    <Field label={label} error={problem} hint="JSON">
      {(control) => (
        <Textarea
          {...control}
          rows={4}
          spellCheck={false}
          className="font-mono text-13"
          value={text}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
