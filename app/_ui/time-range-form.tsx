"use client";

import { type FormEvent, useId, useState } from "react";
import { readRangeText } from "#lib/contract/range-text.ts";
import {
  RANGE_PRESETS,
  type RangeToken,
  resolveRange,
  type TimeRange,
} from "#lib/contract/time-range.ts";
import { cn } from "./cn.ts";
import { Button } from "./primitives/button.tsx";
import { Input } from "./primitives/input.tsx";
import { localInputOf } from "./time-range-text.ts";
import { useClock } from "./viewer-context.tsx";

const DAY_MS = 86_400_000;

export interface TimeRangeFormProps {
  range: TimeRange;
  keptDays: number | null;
  onChoose: (range: TimeRange) => void;
}

/** Presets apply at once; what is typed, and two instants, on Apply. */
export function TimeRangeForm({ range, keptDays, onChoose }: TimeRangeFormProps) {
  const { zone, reportingZone } = useClock();
  return (
    <div className="flex flex-col gap-4">
      <TypedRange onChoose={onChoose} />
      <fieldset>
        <legend className="sr-only">Ranges up to now</legend>
        <div className="grid grid-cols-2 gap-1 sm:grid-cols-3">
          {RANGE_PRESETS.map(({ id, label }) => {
            const isKept = reaches(id, { keptDays, zone: reportingZone });
            const isChosen = range.kind === "relative" && range.token === id;
            return (
              <Button
                key={id}
                variant="ghost"
                size="sm"
                aria-pressed={isChosen}
                disabled={!isKept}
                title={isKept ? undefined : `Only ${keptDays} days are kept.`}
                className={cn("justify-start", isChosen && "bg-muted")}
                onClick={() => onChoose({ kind: "relative", token: id })}
              >
                {label}
              </Button>
            );
          })}
        </div>
      </fieldset>
      <CustomRange range={range} onChoose={onChoose} />
      <p className="text-muted-fg text-xs">
        Times are of {zone}.
        {reportingZone === zone ? null : ` Days, weeks and months are of ${reportingZone}.`}
      </p>
    </div>
  );
}

/** Whether a range lies in what is kept; of a calendar range some of it is enough. */
function reaches(
  token: RangeToken,
  { keptDays, zone }: { keptDays: number | null; zone: string },
): boolean {
  if (keptDays === null) {
    return true;
  }
  const nowMs = Date.now();
  const oldestMs = nowMs - (keptDays + 1) * DAY_MS;
  const { fromMs, toMs } = resolveRange({ kind: "relative", token }, { nowMs, zone });
  return (/^\d/.test(token) ? fromMs : toMs) > oldestMs;
}

interface ChooserProps {
  onChoose: (range: TimeRange) => void;
}

function TypedRange({ onChoose }: ChooserProps) {
  const id = useId();
  const { zone } = useClock();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const reading = readRangeText(text, { zone, nowMs: Date.now() });
    if (reading.ok) {
      onChoose(reading.range);
    } else {
      setProblem(reading.problem);
    }
  };

  return (
    <form onSubmit={submit} noValidate>
      <label htmlFor={id} className="mb-1 block font-medium">
        Type a range
      </label>
      <div className="flex gap-2">
        <Input
          id={id}
          value={text}
          autoComplete="off"
          spellCheck={false}
          placeholder="2h, yesterday, 2026-11-20 14:00 to 15:30"
          aria-invalid={problem !== null}
          aria-describedby={`${id}-problem`}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(null);
          }}
        />
        <Button type="submit" size="lg">
          Apply
        </Button>
      </div>
      <p id={`${id}-problem`} role="alert" className="mt-1 text-danger text-xs empty:hidden">
        {problem}
      </p>
    </form>
  );
}

interface CustomRangeProps extends ChooserProps {
  range: TimeRange;
}

function CustomRange({ range, onChoose }: CustomRangeProps) {
  const id = useId();
  const { zone, reportingZone } = useClock();
  const [draft, setDraft] = useState(() => {
    const { fromMs, toMs } = resolveRange(range, { nowMs: Date.now(), zone: reportingZone });
    const minute = 60_000;
    return {
      from: localInputOf(fromMs - (fromMs % minute), zone),
      to: localInputOf(toMs - (toMs % minute), zone),
    };
  });
  const [problem, setProblem] = useState<string | null>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = `${draft.from.replace("T", " ")} to ${draft.to.replace("T", " ")}`;
    const reading = readRangeText(text, { zone, nowMs: Date.now() });
    if (reading.ok) {
      onChoose(reading.range);
    } else {
      setProblem(reading.problem);
    }
  };

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-2">
      <div className="grid gap-2 sm:grid-cols-2">
        {(["from", "to"] as const).map((end) => (
          <div key={end}>
            <label htmlFor={`${id}-${end}`} className="mb-1 block font-medium">
              {end === "from" ? "From" : "To, not included"}
            </label>
            <Input
              id={`${id}-${end}`}
              type="datetime-local"
              value={draft[end]}
              aria-invalid={problem !== null}
              aria-describedby={`${id}-problem`}
              onChange={(event) => {
                setDraft({ ...draft, [end]: event.target.value });
                setProblem(null);
              }}
            />
          </div>
        ))}
      </div>
      <p id={`${id}-problem`} role="alert" className="text-danger text-xs empty:hidden">
        {problem}
      </p>
      <Button type="submit" className="self-start">
        Apply these times
      </Button>
    </form>
  );
}
