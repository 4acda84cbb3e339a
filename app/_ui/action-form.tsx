"use client";

import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { FormProblems } from "./form-problems.tsx";
import { OutdatedNotice } from "./outdated-notice.tsx";
import { StaleNotice } from "./stale-notice.tsx";
import type { ActionForm as Form, FormValues } from "./use-action-form.ts";

export interface ActionFormProps<Values extends FormValues> {
  form: Form<Values>;
  id?: string;
  labels?: Readonly<Record<string, string>>;
  className?: string;
  children: ReactNode;
}

/**
 * A form on a page, with its problems on top; the submit button is among the children. In a panel
 * use `FormSheet`. `<ActionForm form={form}>…<Button type="submit" isPending={form.isPending}>Save</Button></ActionForm>`
 */
export function ActionForm<Values extends FormValues>({
  form,
  id,
  labels = {},
  className,
  children,
}: ActionFormProps<Values>) {
  return (
    <form
      id={id}
      noValidate
      onSubmit={form.submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
          form.submit(event);
        }
      }}
      className={cn("flex flex-col gap-4 [&>button]:self-start", className)}
    >
      {form.isOutdated ? <OutdatedNotice /> : null}
      {form.stale === null ? (
        <FormProblems form={form} labels={labels} />
      ) : (
        <StaleNotice stale={form.stale} values={form.values} />
      )}
      {children}
    </form>
  );
}
