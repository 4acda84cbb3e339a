import { Check } from "lucide-react";
import { cn } from "./cn.ts";

export interface StepperProps {
  /** The names of the steps, in order. */
  steps: readonly string[];
  /** Which one is shown, from 1. */
  current: number;
}

/** `<Stepper steps={["Admin", "Organisation", "Provider", "First key"]} current={2} />` */
export function Stepper({ steps, current }: StepperProps) {
  return (
    <nav aria-label="Progress">
      <p className="text-muted-fg text-sm sm:hidden">
        Step {current} of {steps.length}: {steps[current - 1]}
      </p>
      <ol className="hidden flex-wrap items-center gap-x-6 gap-y-2 sm:flex">
        {steps.map((name, index) => (
          <li
            key={name}
            aria-current={index + 1 === current ? "step" : undefined}
            className={cn(
              "flex items-center gap-2 text-sm",
              index + 1 === current ? "font-medium text-fg" : "text-muted-fg",
            )}
          >
            <StepMark number={index + 1} current={current} />
            {name}
            {index + 1 < current ? <span className="sr-only">, done</span> : null}
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface StepMarkProps {
  number: number;
  current: number;
}

function StepMark({ number, current }: StepMarkProps) {
  return (
    <span
      aria-hidden
      className={cn(
        "flex size-6 items-center justify-center rounded-full border text-xs tabular-nums",
        number === current && "border-primary bg-primary text-on-primary",
        number < current && "border-primary text-primary",
        number > current && "border-input",
      )}
    >
      {number < current ? <Check className="size-3.5" /> : number}
    </span>
  );
}
