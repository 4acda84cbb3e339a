"use client";

import { Play, Square } from "lucide-react";
import type { Dispatch } from "react";
import { Field } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Textarea } from "../../_ui/primitives/textarea.tsx";
import type { Change, Playground } from "./playground-state.ts";

export interface ComposerProps {
  state: Playground;
  runningCount: number;
  dispatch: Dispatch<Change>;
  onRunAll: () => void;
  onStopAll: () => void;
}

/** The question for all panels, and the system prompt they share. */
export function Composer({ state, runningCount, dispatch, onRunAll, onStopAll }: ComposerProps) {
  const canAsk =
    state.draft.trim() !== "" || state.panels.some(({ turns }) => turns.at(-1)?.role === "user");
  return (
    <section
      aria-label="Question"
      className="bottom-0 flex flex-col gap-3 rounded-lg border border-border bg-bg p-4 max-md:bottom-14 [@media(min-height:56rem)]:sticky"
    >
      <details>
        <summary className="min-h-6 cursor-pointer text-muted-fg text-sm">
          Shared system prompt{state.system.trim() === "" ? "" : " (set)"}
        </summary>
        <Textarea
          aria-label="Shared system prompt"
          className="mt-2"
          rows={3}
          value={state.system}
          onChange={({ target }) => dispatch({ kind: "system", system: target.value })}
        />
      </details>
      <Field label="Message">
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            value={state.draft}
            placeholder="Ask every panel"
            onChange={({ target }) => dispatch({ kind: "draft", draft: target.value })}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && canAsk) {
                event.preventDefault();
                onRunAll();
              }
            }}
          />
        )}
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant="primary"
          disabled={!canAsk}
          title="Run all (Ctrl or Cmd and Enter)"
          onClick={onRunAll}
        >
          <Play aria-hidden />
          {state.panels.length === 1 ? "Run" : "Run all"}
        </Button>
        {runningCount === 0 ? null : (
          <Button title="Stop all (Esc)" onClick={onStopAll}>
            <Square aria-hidden />
            Stop all
          </Button>
        )}
      </div>
    </section>
  );
}
