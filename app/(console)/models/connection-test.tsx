"use client";

import { Check, CircleDashed, LoaderCircle, Minus, X } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from "react";
import type { DeploymentTestInput, TestEvent, TestStep } from "#lib/contract/deployment-test.ts";
import { TEST_STEP_LABELS, TEST_STEPS, type TestStepName } from "#lib/contract/test-steps.ts";
import { formatDuration } from "../../_ui/format.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { readTest } from "./test-reader.ts";

export type TestResult = Extract<TestEvent, { type: "result" }>;

export interface ConnectionTestProps {
  /** What to test, as it is when the button is pressed. */
  input: () => DeploymentTestInput;
  /** Begin without waiting for a press. */
  runsAtOnce?: boolean;
  onResult?: (result: TestResult) => void;
}

interface Run {
  isRunning: boolean;
  steps: readonly TestStep[];
  result: TestResult | null;
  problem: string | null;
}

const IDLE: Run = { isRunning: false, steps: [], result: null, problem: null };

/** One tiny call to the provider, step by step as it goes, with the provider's own words. */
export function ConnectionTest({ input, runsAtOnce = false, onResult }: ConnectionTestProps) {
  const [run, setRun] = useState<Run>(IDLE);
  const running = useRef<AbortController>(undefined);

  async function start() {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setRun({ ...IDLE, isRunning: true });
    const take = (event: TestEvent) => {
      if (event.type === "step") {
        setRun((before) => ({ ...before, steps: [...before.steps, event.step] }));
        return;
      }
      setRun((before) => ({ ...before, isRunning: false, result: event }));
      onResult?.(event);
    };
    try {
      await readTest(input(), { onEvent: take, signal: controller.signal });
    } catch (error) {
      if (!controller.signal.aborted) {
        const problem = error instanceof Error ? error.message : "The test could not be started.";
        setRun((before) => ({ ...before, isRunning: false, problem }));
      }
    }
  }

  const begin = useEffectEvent(start);
  useEffect(() => {
    if (runsAtOnce) {
      void begin();
    }
    return () => running.current?.abort();
  }, [runsAtOnce]);

  const hasRun = run.isRunning || run.steps.length > 0;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={start} isPending={run.isRunning}>
          {hasRun ? "Test again" : "Test connection"}
        </Button>
        <p role="status" className="text-sm">
          {verdictOf(run)}
        </p>
      </div>
      {run.problem === null ? null : (
        <p role="alert" className="text-danger text-sm">
          {run.problem}
        </p>
      )}
      {hasRun ? <StepList run={run} /> : null}
    </div>
  );
}

function verdictOf({ isRunning, result }: Run): ReactNode {
  if (isRunning) {
    return <span className="text-muted-fg">Testing</span>;
  }
  if (result === null) {
    return null;
  }
  const time = formatDuration(result.ms);
  return result.ok ? (
    <span className="text-success">
      It works: {result.model ?? "the model"} answered in {time}.
    </span>
  ) : (
    <span className="text-danger">It does not work yet. It can be saved all the same.</span>
  );
}

function StepList({ run }: { run: Run }) {
  const told = new Map(run.steps.map((step) => [step.step, step]));
  const current = run.isRunning ? TEST_STEPS[run.steps.length] : undefined;
  return (
    <ol aria-label="Steps of the test" className="flex flex-col rounded-lg border border-border">
      {TEST_STEPS.map((name) => (
        <StepRow key={name} name={name} step={told.get(name)} isCurrent={name === current} />
      ))}
    </ol>
  );
}

interface StepRowProps {
  name: TestStepName;
  step: TestStep | undefined;
  isCurrent: boolean;
}

const WORDS = { ok: "passed", failed: "failed", skipped: "left out" } as const;

function StepRow({ name, step, isCurrent }: StepRowProps) {
  return (
    <li className="flex flex-col gap-1 border-border border-b px-3 py-2 text-sm last:border-b-0">
      <div className="flex items-center gap-2">
        <StepIcon step={step} isCurrent={isCurrent} />
        <span className={step?.state === "skipped" ? "text-muted-fg" : ""}>
          {TEST_STEP_LABELS[name]}
        </span>
        {step === undefined ? null : <span className="sr-only">{WORDS[step.state]}</span>}
        {step === undefined || step.state === "skipped" ? null : (
          <span className="ml-auto text-muted-fg tabular-nums">{formatDuration(step.ms)}</span>
        )}
      </div>
      {step?.note == null ? null : (
        <p
          className={
            step.state === "failed"
              ? "max-h-40 overflow-auto whitespace-pre-wrap break-words rounded-md bg-muted p-2 font-mono text-[13px]"
              : "pl-6 text-muted-fg text-xs"
          }
        >
          {step.note}
        </p>
      )}
    </li>
  );
}

function StepIcon({ step, isCurrent }: Omit<StepRowProps, "name">) {
  if (isCurrent) {
    return (
      <LoaderCircle
        aria-hidden
        className="size-4 shrink-0 animate-spin text-primary motion-reduce:animate-none"
      />
    );
  }
  if (step === undefined) {
    return <CircleDashed aria-hidden className="size-4 shrink-0 text-muted-fg" />;
  }
  if (step.state === "ok") {
    return <Check aria-hidden className="size-4 shrink-0 text-success" />;
  }
  return step.state === "failed" ? (
    <X aria-hidden className="size-4 shrink-0 text-danger" />
  ) : (
    <Minus aria-hidden className="size-4 shrink-0 text-muted-fg" />
  );
}
