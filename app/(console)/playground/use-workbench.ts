"use client";

import { type Dispatch, useEffect, useReducer, useRef, useState } from "react";
import { toast } from "sonner";
import type {
  PlaygroundBudget,
  PlaygroundContent,
  PlaygroundModel,
  PlaygroundScope,
} from "#lib/contract/playground.ts";
import { takeHandoff } from "../../_ui/prompts/handoff.ts";
import { useIsland } from "../../_ui/use-island.ts";
import { saveSnapshot } from "./actions.ts";
import { type Best, bestOf } from "./best-of.ts";
import { keepPlayground, takeKept } from "./kept-playground.ts";
import { problemsOf } from "./parameter-texts.ts";
import {
  type Change,
  contentOf,
  emptyPlayground,
  isRunning,
  newId,
  openContent,
  type Panel,
  type Playground,
  reduce,
  type Turn,
} from "./playground-state.ts";
import { withPrompt } from "./prompt-content.ts";
import { type Runs, useRuns } from "./use-runs.ts";

export interface Bench {
  state: Playground;
  dispatch: Dispatch<Change>;
  scope: PlaygroundScope | undefined;
  models: readonly PlaygroundModel[];
  setTeamId: (teamId: string | null) => void;
  /** As it is now; undefined until the first answer of the server. */
  budget: PlaygroundBudget | undefined;
  refreshBudget: () => void;
  runs: Runs;
  runningCount: number;
  best: Best;
  isComplete: boolean;
  /** Puts the typed message to these panels. */
  ask: (panels: readonly Panel[]) => void;
  save: () => Promise<void>;
}

/** The state of the playground and what can be done with it. */
export function useWorkbench(
  scopes: readonly PlaygroundScope[],
  content: PlaygroundContent | null,
): Bench {
  const [teamId, setTeamId] = useState(scopes[0]?.team_id ?? null);
  const scope = scopes.find(({ team_id }) => team_id === teamId);
  const models = scope?.models ?? [];
  const [state, dispatch] = useReducer(reduce, content, (kept) =>
    kept === null ? emptyPlayground(models[0]?.name ?? "") : openContent(kept),
  );
  const { data: budget, refresh } = useIsland<PlaygroundBudget>(budgetPath(teamId));
  const runs = useRuns(dispatch, { teamId, onEnd: refresh });
  const runningCount = state.panels.filter(isRunning).length;
  useKept({ state, dispatch, content, models });
  useEscape(runningCount > 0, runs.stopAll);

  function ask(panels: readonly Panel[]) {
    for (const panel of panels) {
      const turns = askedTurns(panel, state.draft);
      const canSend = Object.keys(problemsOf(panel.parameters)).length === 0;
      if (canSend && turns.at(-1)?.role === "user") {
        runs.start(panel, turns, state.system);
      }
    }
    dispatch({ kind: "draft", draft: "" });
  }

  return {
    state,
    dispatch,
    scope,
    models,
    setTeamId,
    budget,
    refreshBudget: refresh,
    runs,
    runningCount,
    best: bestOf(state.panels),
    isComplete:
      runningCount === 0 && state.panels.some(({ turns }) => turns.at(-1)?.run?.state === "done"),
    ask,
    save: () => saveState(state),
  };
}

function budgetPath(teamId: string | null): `/api/console/${string}` {
  const query = teamId === null ? "" : `?team_id=${teamId}`;
  return `/api/console/playground/budget${query}`;
}

/** The history with the typed message; an empty one asks again what was asked last. */
function askedTurns(panel: Panel, draft: string): Turn[] {
  const turns = panel.turns.filter(({ run }) => run?.state !== "running");
  return draft.trim() === "" ? turns : [...turns, { id: newId(), role: "user", content: draft }];
}

async function saveState(state: Playground): Promise<void> {
  const result = await saveSnapshot(contentOf(state)).catch(() => undefined);
  if (result?.ok === true) {
    toast("Snapshot saved. Its address is in the address bar.");
    // The content stays where it is: only the address learns of the snapshot.
    window.history.replaceState(null, "", `?s=${result.value.id}`);
  } else {
    toast.error(result?.formError ?? "Conduit cannot be reached. Nothing was saved.");
  }
}

/** What this tab had comes back, and what it has is kept, until the tab is closed. */
function useKept({
  state,
  dispatch,
  content,
  models,
}: Pick<Bench, "state" | "dispatch" | "models"> & { content: PlaygroundContent | null }): void {
  const [isTaken, setTaken] = useState(false);
  // Another team's models are no reason to take anything again.
  const known = useRef(models);
  useEffect(() => {
    const opened = content === null ? openedBefore(known.current) : undefined;
    if (opened !== undefined) {
      dispatch({ kind: "all", playground: opened });
    }
    setTaken(true);
  }, [content, dispatch]);
  useEffect(() => {
    if (isTaken) {
      keepPlayground(state);
    }
  }, [isTaken, state]);
}

/** What this tab had, with the prompt in it that another page sent here. */
function openedBefore(models: readonly PlaygroundModel[]): Playground | undefined {
  const kept = takeKept();
  const sent = takeHandoff();
  if (sent === undefined) {
    return kept;
  }
  const model = models.some(({ name }) => name === sent.model) ? sent.model : null;
  const opened = withPrompt(kept ?? emptyPlayground(models[0]?.name ?? ""), {
    messages: sent.messages,
    model,
  });
  // It is taken once only, and must also be there when this is asked again.
  keepPlayground(opened);
  return opened;
}

/** Escape stops what is running, unless a dialog or a menu takes it for itself. */
function useEscape(isEnabled: boolean, run: () => void) {
  useEffect(() => {
    if (!isEnabled) {
      return;
    }
    const onKey = (event: KeyboardEvent) => {
      const isCovered = document.querySelector('[role="dialog"], [role="menu"]') !== null;
      if (event.key === "Escape" && !event.defaultPrevented && !isCovered) {
        run();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [isEnabled, run]);
}
