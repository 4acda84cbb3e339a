"use client";

import { useEffect, useRef } from "react";
import type { ActionForm, FormValues } from "./use-action-form.ts";

/** With more problems than this one reads a list first; with fewer the first wrong field has focus. */
const LISTED_FROM = 4;

export interface FormProblemsProps<Values extends FormValues> {
  form: Pick<ActionForm<Values>, "errors" | "formError" | "requestId" | "failures">;
  /** Names of fields for the list: `{ budget_limit_usd: "Budget" }`. */
  labels?: Readonly<Record<string, string>>;
}

/** What a submit was refused for, at the top of the form; it takes care of the focus. */
export function FormProblems<Values extends FormValues>({
  form,
  labels = {},
}: FormProblemsProps<Values>) {
  const box = useRef<HTMLDivElement>(null);
  const problems = Object.entries(form.errors).filter(([, text]) => text !== undefined);
  const isList = problems.length >= LISTED_FROM;

  useEffect(() => {
    if (form.failures === 0 || box.current === null) {
      return;
    }
    const wrong = box.current.closest("form")?.querySelector<HTMLElement>('[aria-invalid="true"]');
    (isList || wrong === undefined || wrong === null ? box.current : wrong).focus();
  }, [form.failures, isList]);

  if (form.formError === null && problems.length === 0) {
    return null;
  }
  return (
    <div
      ref={box}
      tabIndex={-1}
      role="alert"
      className="rounded-lg border border-danger bg-surface p-3 text-sm outline-none"
    >
      <p className="font-medium text-danger">{form.formError ?? problems[0]?.[1]}</p>
      {isList ? (
        <ul className="mt-2 list-disc pl-5">
          {problems.map(([name, text]) => (
            <li key={name}>
              {labels[name] ?? name}: {text}
            </li>
          ))}
        </ul>
      ) : null}
      {form.requestId === null || problems.length > 0 ? null : (
        <p className="mt-1 text-muted-fg text-xs">
          Error id <code className="font-mono">{form.requestId}</code>
        </p>
      )}
    </div>
  );
}
