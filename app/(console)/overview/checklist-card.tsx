"use client";

import { ArrowRight, Check, Circle } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { ChecklistStep } from "#lib/contract/overview.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../_ui/primitives/card.tsx";
import { usePreferences } from "../../_ui/viewer-context.tsx";

export interface ChecklistCardProps {
  steps: readonly ChecklistStep[];
}

const NAME = "checklist";

export function ChecklistCard({ steps }: ChecklistCardProps) {
  const { preferences, save } = usePreferences();
  if (preferences.dismissed.includes(NAME)) {
    return null;
  }
  const done = steps.filter(({ isDone }) => isDone).length;
  const dismiss = () => void save({ dismissed: [...preferences.dismissed, NAME] });
  return (
    <Card>
      <CardHeader>
        <CardTitle>First steps</CardTitle>
        <div className="flex items-center gap-3">
          <span className="text-13 text-muted-fg tabular-nums">
            {done} of {steps.length} done
          </span>
          <Button variant="ghost" size="sm" onClick={dismiss}>
            Dismiss
          </Button>
        </div>
      </CardHeader>
      <CardBody>
        <ol className="grid gap-x-6 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
          {steps.map(({ id, label, isDone, href }) => (
            <li key={id} className="flex min-h-6 items-center gap-2">
              {isDone ? (
                <Check aria-hidden className="size-4 shrink-0 text-success" />
              ) : (
                <Circle aria-hidden className="size-4 shrink-0 text-muted-fg" />
              )}
              {isDone ? (
                <span className="text-muted-fg">
                  {label}
                  <span className="sr-only"> (done)</span>
                </span>
              ) : (
                <Link
                  href={href as Route}
                  className="inline-flex items-center gap-1 text-primary underline-offset-4 hover:underline"
                >
                  {label}
                  <ArrowRight aria-hidden className="size-3.5" />
                </Link>
              )}
            </li>
          ))}
        </ol>
      </CardBody>
    </Card>
  );
}
