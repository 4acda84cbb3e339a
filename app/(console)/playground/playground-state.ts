import type { PlaygroundContent } from "#lib/contract/playground.ts";
import { emptyTexts, type ParameterTexts, parametersOf, textsOf } from "./parameter-texts.ts";

/** What one answer took, and how it ended. */
export interface Run {
  state: "running" | "done" | "stopped" | "failed";
  requestId: string | null;
  deployment: string | null;
  /** Whether another deployment than the first had to answer. */
  attempts: number;
  cache: string | null;
  ttftMs: number | null;
  totalMs: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: string | null;
  /** Why it failed, in the words of the gateway. */
  problem: { status: number | null; code: string | null; message: string } | null;
}

export const NEW_RUN: Run = {
  state: "running",
  requestId: null,
  deployment: null,
  attempts: 1,
  cache: null,
  ttftMs: null,
  totalMs: null,
  inputTokens: null,
  outputTokens: null,
  costUsd: null,
  problem: null,
};

export interface Turn {
  id: string;
  role: "user" | "assistant";
  content: string;
  /** Present on an answer that was made here. */
  run?: Run;
}

export interface Panel {
  id: string;
  model: string;
  /** Null shares the one above all panels. */
  system: string | null;
  parameters: ParameterTexts;
  turns: Turn[];
}

export interface Playground {
  system: string;
  draft: string;
  panels: Panel[];
}

let lastId = 0;

export function newId(): string {
  lastId += 1;
  return `p${lastId}`;
}

export function newPanel(model: string): Panel {
  return { id: newId(), model, system: null, parameters: emptyTexts(), turns: [] };
}

export function emptyPlayground(model: string): Playground {
  return { system: "", draft: "", panels: [newPanel(model)] };
}

/** A playground as it was kept; answers come back without what they took. */
export function openContent(content: PlaygroundContent): Playground {
  return {
    system: content.system,
    draft: "",
    panels: content.panels.map((panel) => ({
      id: newId(),
      model: panel.model,
      system: panel.system,
      parameters: textsOf(panel.parameters),
      turns: panel.turns.map((turn) => ({ id: newId(), ...turn })),
    })),
  };
}

/** What is kept of a playground. */
export function contentOf({ system, panels }: Playground): PlaygroundContent {
  return {
    version: 1,
    system,
    panels: panels.map((panel) => ({
      model: panel.model,
      system: panel.system,
      parameters: parametersOf(panel.parameters),
      turns: panel.turns.map(({ role, content }) => ({ role, content })),
    })),
  };
}

export function isRunning(panel: Panel): boolean {
  return panel.turns.at(-1)?.run?.state === "running";
}

export type Change =
  | { kind: "all"; playground: Playground }
  | { kind: "system"; system: string }
  | { kind: "draft"; draft: string }
  | { kind: "add"; panel: Panel }
  | { kind: "remove"; panelId: string }
  | { kind: "panel"; panelId: string; change: Partial<Omit<Panel, "id">> }
  | { kind: "answer"; panelId: string; turnId: string; text: string; run: Partial<Run> };

/** The playground after something happened. */
export function reduce(state: Playground, change: Change): Playground {
  switch (change.kind) {
    case "all":
      return change.playground;
    case "system":
      return { ...state, system: change.system };
    case "draft":
      return { ...state, draft: change.draft };
    case "add":
      return { ...state, panels: [...state.panels, change.panel] };
    case "remove":
      return { ...state, panels: state.panels.filter(({ id }) => id !== change.panelId) };
    case "panel":
      return changePanel(state, change.panelId, (panel) => ({ ...panel, ...change.change }));
    case "answer":
      return changePanel(state, change.panelId, (panel) => ({
        ...panel,
        turns: panel.turns.map((turn) =>
          turn.id === change.turnId ? answered(turn, change) : turn,
        ),
      }));
    default:
      return change satisfies never;
  }
}

function answered(turn: Turn, { text, run }: Extract<Change, { kind: "answer" }>): Turn {
  return { ...turn, content: turn.content + text, run: { ...NEW_RUN, ...turn.run, ...run } };
}

function changePanel(
  state: Playground,
  panelId: string,
  change: (panel: Panel) => Panel,
): Playground {
  return {
    ...state,
    panels: state.panels.map((panel) => (panel.id === panelId ? change(panel) : panel)),
  };
}
