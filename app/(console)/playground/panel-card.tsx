"use client";

import { Ellipsis, Play, Square } from "lucide-react";
import { type Dispatch, useState } from "react";
import type { PlaygroundModel } from "#lib/contract/playground.ts";
import { cn } from "../../_ui/cn.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { Combobox } from "../../_ui/primitives/combobox.tsx";
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuSeparator,
  MenuTrigger,
} from "../../_ui/primitives/menu.tsx";
import type { Best } from "./best-of.ts";
import { CodeDialog } from "./code-dialog.tsx";
import { PanelParameters } from "./panel-parameters.tsx";
import { PanelTurn } from "./panel-turn.tsx";
import { type Change, isRunning, newId, type Panel, type Turn } from "./playground-state.ts";

export interface PanelCardProps {
  panel: Panel;
  /** From 1, for its name. */
  place: number;
  isShownNarrow: boolean;
  models: readonly PlaygroundModel[];
  sharedSystem: string;
  baseUrl: string | null;
  best: Best;
  canFork: boolean;
  canRemove: boolean;
  dispatch: Dispatch<Change>;
  /** Asks with these turns as they are. */
  onRun: (turns: readonly Turn[]) => void;
  /** Asks with the message that is typed below. */
  onAsk: () => void;
  onStop: () => void;
}

/** One model with its own history. */
export function PanelCard(props: PanelCardProps) {
  const { panel, place, isShownNarrow, models, best, dispatch, onRun } = props;
  const change = (part: Partial<Omit<Panel, "id">>) =>
    dispatch({ kind: "panel", panelId: panel.id, change: part });
  return (
    <section
      aria-label={`Panel ${place}`}
      className={cn(
        "flex min-w-0 flex-col gap-3 rounded-lg border border-border bg-bg p-4",
        !isShownNarrow && "max-md:hidden",
      )}
    >
      <div className="flex min-w-0 items-center gap-2">
        <Combobox
          aria-label={`Model of panel ${place}`}
          className="min-w-0 flex-1"
          options={models.map(({ name, kind, provider }) => ({
            value: name,
            label: name,
            hint: provider === null ? kind : `${kind}, ${provider}`,
          }))}
          value={panel.model}
          onValueChange={(model) => (model === null ? undefined : change({ model }))}
        />
        <PanelButtons {...props} />
      </div>
      <PanelParameters panel={panel} onChange={change} />
      <ol
        aria-label={`History of panel ${place}`}
        className="flex max-h-[60dvh] min-h-40 flex-col gap-3 overflow-y-auto"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll by keyboard.
        tabIndex={0}
      >
        {panel.turns.length === 0 ? (
          <li className="m-auto text-muted-fg text-sm">No messages yet.</li>
        ) : null}
        {panel.turns.map((turn, index) => (
          <PanelTurn
            key={turn.id}
            turn={turn}
            isLast={index === panel.turns.length - 1}
            isFastest={best.fastest === panel.id}
            isCheapest={best.cheapest === panel.id}
            isBusy={isRunning(panel)}
            onEdit={(content) => {
              const turns = [...panel.turns.slice(0, index), { ...turn, content }];
              if (turn.role === "user") {
                onRun(turns);
              } else {
                change({ turns });
              }
            }}
            onRerun={() => onRun(panel.turns.slice(0, turn.role === "user" ? index + 1 : index))}
          />
        ))}
      </ol>
    </section>
  );
}

function PanelButtons(props: PanelCardProps) {
  const { panel, place, canFork, canRemove, dispatch, onAsk, onStop } = props;
  const [isCode, setCode] = useState(false);
  return (
    <>
      {isRunning(panel) ? (
        <Button size="icon" aria-label={`Stop panel ${place}`} title="Stop" onClick={onStop}>
          <Square aria-hidden />
        </Button>
      ) : (
        <Button size="icon" aria-label={`Run panel ${place}`} title="Run" onClick={onAsk}>
          <Play aria-hidden />
        </Button>
      )}
      <Menu>
        <MenuTrigger
          render={<Button variant="ghost" size="icon" aria-label={`Actions for panel ${place}`} />}
        >
          <Ellipsis aria-hidden />
        </MenuTrigger>
        <MenuContent>
          <MenuItem onClick={() => setCode(true)}>Copy code</MenuItem>
          <MenuItem
            disabled={!canFork}
            onClick={() => dispatch({ kind: "add", panel: forkOf(panel) })}
          >
            Fork into a new panel
          </MenuItem>
          <MenuItem
            onClick={() => dispatch({ kind: "panel", panelId: panel.id, change: { turns: [] } })}
          >
            Clear history
          </MenuItem>
          <MenuSeparator />
          <MenuItem
            isDanger
            disabled={!canRemove}
            onClick={() => {
              onStop();
              dispatch({ kind: "remove", panelId: panel.id });
            }}
          >
            Remove panel
          </MenuItem>
        </MenuContent>
      </Menu>
      <CodeDialog
        isOpen={isCode}
        onOpenChange={setCode}
        panel={panel}
        sharedSystem={props.sharedSystem}
        baseUrl={props.baseUrl}
      />
    </>
  );
}

function forkOf(panel: Panel): Panel {
  return {
    ...panel,
    id: newId(),
    turns: panel.turns
      .filter(({ run }) => run?.state !== "running")
      .map(({ role, content }) => ({ id: newId(), role, content })),
  };
}
