"use client";

import { useState } from "react";
import type { RuleBoardRow } from "#lib/contract/guardrail-form.ts";
import { ErrorCard } from "../../../_ui/error-card.tsx";
import { Field } from "../../../_ui/field.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { Select } from "../../../_ui/primitives/select.tsx";
import { askBacktest } from "../ask-trial.ts";
import { useTrial } from "../use-trial.ts";
import { BacktestResult } from "./backtest-result.tsx";

interface BacktestPanelProps {
  row: RuleBoardRow;
}

const SIZES = [100, 200, 500, 1000].map((size) => ({
  value: String(size),
  label: `${formatCount(size)} requests`,
}));

interface Progress {
  done: number;
  of: number;
  acted: number;
}

/** The rule as it is saved, over what was really asked and answered: before it is enforced. */
export function BacktestPanel({ row: { rule } }: BacktestPanelProps) {
  const [size, setSize] = useState("200");
  const [progress, setProgress] = useState<Progress | null>(null);
  const trial = useTrial((signal) =>
    askBacktest(
      { rule_id: rule.id, limit: Number(size) },
      { signal, onEvent: (event) => setProgress(event.type === "progress" ? event : null) },
    ),
  );
  return (
    <Card>
      <CardHeader>
        <CardTitle>Backtest</CardTitle>
        <CardDescription>
          Runs the saved rule over the latest requests whose content is stored, as if it were
          enforced. Nothing is changed; a rule that asks a model or a service asks it for each
          request, 100 at most. It is told in the audit log.
        </CardDescription>
      </CardHeader>
      <CardBody className="flex flex-col gap-4">
        <div className="flex flex-wrap items-end gap-3">
          <Field label="Latest" className="w-48">
            {(control) => (
              <Select {...control} options={SIZES} value={size} onValueChange={setSize} />
            )}
          </Field>
          <Button
            variant="primary"
            size="lg"
            isPending={trial.isRunning}
            onClick={() => {
              setProgress(null);
              trial.run();
            }}
          >
            Run backtest
          </Button>
          {trial.isRunning ? (
            <Button size="lg" onClick={trial.stop}>
              Stop
            </Button>
          ) : null}
        </div>
        {trial.isRunning ? <ProgressBar progress={progress} /> : null}
        <div aria-live="polite">
          {trial.problem === null ? null : (
            <ErrorCard title="The backtest did not finish.">{trial.problem}</ErrorCard>
          )}
          {trial.result === null || trial.isRunning ? null : (
            <BacktestResult result={trial.result} />
          )}
        </div>
      </CardBody>
    </Card>
  );
}

function ProgressBar({ progress }: { progress: Progress | null }) {
  const { done, of, acted } = progress ?? { done: 0, of: 1, acted: 0 };
  return (
    <div className="flex flex-col gap-1">
      <progress aria-label="Requests read" value={done} max={of} className="h-2 w-full" />
      <p className="text-muted-fg text-xs tabular-nums">
        {progress === null
          ? "Starting"
          : `${formatCount(done)} of up to ${formatCount(of)} read, found something in ${formatCount(acted)}`}
      </p>
    </div>
  );
}
