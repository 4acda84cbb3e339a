"use client";

import { Plus, Save } from "lucide-react";
import { useState } from "react";
import {
  MAX_PANELS,
  type PlaygroundContent,
  type PlaygroundScope,
} from "#lib/contract/playground.ts";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { ToggleGroup } from "../../_ui/primitives/toggle-group.tsx";
import { useViewer } from "../../_ui/viewer-context.tsx";
import { Composer } from "./composer.tsx";
import { PanelCard } from "./panel-card.tsx";
import { newPanel, type Panel } from "./playground-state.ts";
import { PromptMenu } from "./prompt-menu.tsx";
import { ScopeLine } from "./scope-line.tsx";
import { type Bench, useWorkbench } from "./use-workbench.ts";

export interface WorkbenchProps {
  scopes: readonly PlaygroundScope[];
  /** A snapshot or a logged request; null begins with what this tab had. */
  content: PlaygroundContent | null;
  notice: string | null;
  baseUrl: string | null;
}

/** One to four models side by side, each answering the same question. */
export function Workbench({ scopes, content, notice, baseUrl }: WorkbenchProps) {
  const bench = useWorkbench(scopes, content);
  const { state, scope, dispatch } = bench;
  const [shown, setShown] = useState(0);
  if (scope === undefined || bench.models.length === 0) {
    return <NoModels />;
  }
  const active = Math.min(shown, state.panels.length - 1);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <PageHeader
        title="Playground"
        description="Try a prompt on several models side by side. Every answer is a real request."
        actions={<BenchActions bench={bench} shown={active} />}
      />
      <ScopeLine
        scopes={scopes}
        scope={scope}
        budget={bench.budget ?? scope.budget}
        onScope={bench.setTeamId}
        onBudget={bench.refreshBudget}
      />
      <Notice text={notice} />
      <PanelTabs panels={state.panels} shown={active} onShow={setShown} />
      <div className={`grid min-w-0 gap-4 ${COLUMNS[state.panels.length] ?? ""}`}>
        {state.panels.map((panel, index) => (
          <PanelCard
            key={panel.id}
            panel={panel}
            place={index + 1}
            isShownNarrow={index === active}
            models={bench.models}
            sharedSystem={state.system}
            baseUrl={baseUrl}
            best={bench.best}
            canFork={state.panels.length < MAX_PANELS}
            canRemove={state.panels.length > 1}
            dispatch={dispatch}
            onRun={(turns) => bench.runs.start(panel, turns, state.system)}
            onAsk={() => bench.ask([panel])}
            onStop={() => bench.runs.stop(panel.id)}
          />
        ))}
      </div>
      <Composer
        state={state}
        runningCount={bench.runningCount}
        dispatch={dispatch}
        onRunAll={() => bench.ask(state.panels)}
        onStopAll={bench.runs.stopAll}
      />
      <p role="status" className="sr-only">
        {bench.isComplete ? "Answer complete" : ""}
      </p>
    </div>
  );
}

/** A model to compare with: one that no panel asks yet, where there is one. */
function unusedModel({ models, state }: Bench): string {
  const used = new Set(state.panels.map(({ model }) => model));
  return (models.find(({ name }) => !used.has(name)) ?? models[0])?.name ?? "";
}

function BenchActions({ bench, shown }: { bench: Bench; shown: number }) {
  const { state, dispatch, save } = bench;
  const panel = state.panels[shown];
  return (
    <>
      {panel === undefined ? null : <PromptMenu bench={bench} panel={panel} />}
      <Button onClick={() => void save()}>
        <Save aria-hidden />
        Save snapshot
      </Button>
      <Button
        disabled={state.panels.length >= MAX_PANELS}
        className="max-md:hidden"
        onClick={() => dispatch({ kind: "add", panel: newPanel(unusedModel(bench)) })}
      >
        <Plus aria-hidden />
        Add panel
      </Button>
    </>
  );
}

function Notice({ text }: { text: string | null }) {
  return text === null ? null : (
    <p
      role="status"
      className="rounded-md bg-chip-warning-bg px-3 py-2 text-chip-warning-fg text-sm"
    >
      {text}
    </p>
  );
}

const COLUMNS: Readonly<Record<number, string>> = {
  1: "",
  2: "md:grid-cols-2",
  3: "md:grid-cols-2 xl:grid-cols-3",
  4: "md:grid-cols-2 2xl:grid-cols-4",
};

interface PanelTabsProps {
  panels: readonly Panel[];
  shown: number;
  onShow: (index: number) => void;
}

/** On a narrow screen there is room for one panel at a time. */
function PanelTabs({ panels, shown, onShow }: PanelTabsProps) {
  return panels.length === 1 ? null : (
    <ToggleGroup
      aria-label="Panel"
      className="md:hidden"
      options={panels.map((panel, index) => ({
        value: String(index),
        label: `${index + 1}: ${panel.model}`,
      }))}
      value={String(Math.min(shown, panels.length - 1))}
      onValueChange={(index) => onShow(Number(index))}
    />
  );
}

function NoModels() {
  const { role } = useViewer();
  return (
    <>
      <PageHeader title="Playground" />
      <EmptyState title="No model available to you.">
        {role === "admin"
          ? "Add a deployment under Models, and it can be tried here."
          : "Ask an admin of your team for models that it may use."}
      </EmptyState>
    </>
  );
}
