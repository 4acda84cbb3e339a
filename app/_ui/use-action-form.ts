"use client";

import { usePathname } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { z } from "zod";
import type { ActionResult } from "#lib/contract/action-result.ts";
import { isSame, problemsOf } from "./form-values.ts";
import { useKeptInput } from "./kept-input.ts";
import { type Refusal, useSubmission } from "./use-submission.ts";

export type FormValues = Readonly<Record<string, unknown>>;

export interface ActionFormOptions<Values extends FormValues, Output> {
  /** Names the form; what was typed is kept under it when a new version has to be loaded. */
  name: string;
  /** A server action made by `defineAction`. */
  action: (input: unknown) => Promise<ActionResult<Output>>;
  initial: Values;
  /** The action's input; the values themselves unless given. */
  toInput?: (values: Values) => Record<string, unknown>;
  /** Fetches the contract's schema: checked here first, so that most mistakes are told at once. */
  schema?: () => Promise<z.ZodType>;
  /** The `version` of the row that is edited; sent as `expected_version`. */
  version?: number;
  /** The form's values of a row that somebody else has saved meanwhile (`current` of a conflict). */
  fromCurrent?: (current: unknown) => Values;
  /** Values that must never be kept in the browser: keys, passwords. */
  secretFields?: readonly (keyof Values & string)[];
  onDone?: (value: Output, values: Values) => void;
}

/** Somebody else saved first: their values, and the two ways on. */
export interface StaleEdit<Values> {
  theirs: Values;
  changedBy: string | null;
  /** ISO 8601. */
  changedAt: string | null;
  reload: () => void;
  overwrite: () => void;
}

export interface ActionForm<Values extends FormValues> extends Refusal {
  values: Values;
  set: <Name extends keyof Values & string>(name: Name, value: Values[Name]) => void;
  /** For boxes of text: `<Input {...control} {...form.text("name")} />`. */
  text: (name: keyof Values & string) => TextBinding;
  /** Counts refused submits; `FormProblems` moves the focus when it grows. */
  failures: number;
  isPending: boolean;
  isDirty: boolean;
  stale: StaleEdit<Values> | null;
  /** Conduit was updated under the open page: it has to be loaded anew. */
  isOutdated: boolean;
  submit: (event?: FormEvent) => void;
  /** Back to the initial values, as when a form is opened again. */
  reset: () => void;
}

interface TextBinding {
  name: string;
  value: string;
  onChange: (event: { target: { value: string } }) => void;
}

/**
 * A form over a server action. Every typed value stays whatever the answer, because the values are
 * state here and not the document's. The server is the judge; `schema` only saves a trip.
 *
 *     const form = useActionForm({ name: "key", action: createKey, initial: { name: "" }, onDone: close });
 *     <FormSheet form={form} …><Field label="Name" error={form.errors["name"]}>
 *       {(control) => <Input {...control} {...form.text("name")} />}
 *     </Field></FormSheet>
 */
export function useActionForm<Values extends FormValues, Output>(
  options: ActionFormOptions<Values, Output>,
): ActionForm<Values> {
  const { initial, fromCurrent, onDone } = options;
  const [values, setValues] = useState(initial);
  const [baseline, setBaseline] = useState(initial);
  const [version, setVersion] = useState(options.version);
  const kept = useKeptInput<Values>(`${usePathname()}#${options.name}`, options.secretFields ?? []);
  const submission = useSubmission(options.action, {
    onDone: (value) => {
      setBaseline(values);
      onDone?.(value, values);
    },
    onOutdated: () => kept.keep(values),
  });
  useRestored(kept.take, setValues);

  function adopt(next: Values, nextVersion: number | undefined) {
    setValues(next);
    setBaseline(next);
    setVersion(nextVersion);
    submission.clear();
  }

  function send(expected: number | undefined) {
    const input = options.toInput?.(values) ?? { ...values };
    const { schema } = options;
    submission.send(
      expected === undefined ? input : { ...input, expected_version: expected },
      schema === undefined ? undefined : () => problemsOf(schema, input),
    );
  }

  const { current, ...state } = submission.state;
  return {
    ...state,
    values,
    set: (name, value) => setValues((before) => ({ ...before, [name]: value })),
    text: (name) => ({
      name,
      value: String(values[name] ?? ""),
      onChange: ({ target }) => setValues((before) => ({ ...before, [name]: target.value })),
    }),
    isDirty: !isSame(values, baseline),
    stale:
      current === undefined || fromCurrent === undefined
        ? null
        : {
            theirs: fromCurrent(current),
            changedBy: textOf(current, "changed_by"),
            changedAt: textOf(current, "changed_at"),
            reload: () => adopt(fromCurrent(current), versionOf(current)),
            overwrite: () => {
              setVersion(versionOf(current));
              send(versionOf(current));
            },
          },
    submit: (event) => {
      event?.preventDefault();
      // A form inside a dialog stands in another form's React tree, which must not submit too.
      event?.stopPropagation();
      send(version);
    },
    reset: () => adopt(initial, options.version),
  };
}

/** Puts back what was typed before the page was loaded anew. */
function useRestored<Values>(
  take: () => Partial<Values> | undefined,
  set: (change: (before: Values) => Values) => void,
) {
  const restore = useRef(() => {
    const before = take();
    if (before !== undefined) {
      set((now) => ({ ...now, ...before }));
    }
  });
  useEffect(() => restore.current(), []);
}

function versionOf(current: object): number | undefined {
  const version: unknown = Reflect.get(current, "version");
  return typeof version === "number" ? version : undefined;
}

function textOf(current: object, name: string): string | null {
  const text: unknown = Reflect.get(current, name);
  return typeof text === "string" ? text : null;
}
