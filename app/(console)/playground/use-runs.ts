"use client";

import { type Dispatch, useEffect, useRef } from "react";
import {
  type Change,
  NEW_RUN,
  newId,
  type Panel,
  type Run,
  type Turn,
} from "./playground-state.ts";
import { requestBody } from "./request-body.ts";
import { runChat } from "./run-chat.ts";
import { useGrant } from "./use-grant.ts";

const UNAUTHORIZED = 401;

export interface Runs {
  /** Asks a panel's model with these turns; a run of it that is under way is stopped. */
  start: (panel: Panel, turns: readonly Turn[], sharedSystem: string) => void;
  stop: (panelId: string) => void;
  stopAll: () => void;
}

/** The answers that are under way, one request each. */
export function useRuns(
  dispatch: Dispatch<Change>,
  { teamId, onEnd }: { teamId: string | null; onEnd: () => void },
): Runs {
  const grants = useGrant();
  const stops = useRef(new Map<string, AbortController>());
  useEffect(() => {
    const running = stops.current;
    return () => {
      for (const stop of running.values()) {
        stop.abort();
      }
    };
  }, []);

  async function run(panel: Panel, turnId: string, sharedSystem: string, signal: AbortSignal) {
    const pieces = batched((text, facts) =>
      dispatch({ kind: "answer", panelId: panel.id, turnId, text, run: facts }),
    );
    const body = requestBody(panel, sharedSystem);
    const ask = async () =>
      await runChat({ token: await grants.take(teamId), body, signal, onPiece: pieces.add });
    try {
      if ((await ask()) === UNAUTHORIZED) {
        // The grant has ended meanwhile; a new one is tried once.
        grants.drop();
        pieces.add("", { ...NEW_RUN });
        await ask();
      }
    } catch (error) {
      const message =
        error instanceof Error ? error.message : "The playground could not be opened.";
      pieces.add("", { state: "failed", problem: { status: null, code: null, message } });
    }
    pieces.flush();
    onEnd();
  }

  function start(panel: Panel, turns: readonly Turn[], sharedSystem: string) {
    stops.current.get(panel.id)?.abort();
    const stop = new AbortController();
    stops.current.set(panel.id, stop);
    const answer: Turn = { id: newId(), role: "assistant", content: "", run: NEW_RUN };
    dispatch({ kind: "panel", panelId: panel.id, change: { turns: [...turns, answer] } });
    void run({ ...panel, turns: [...turns] }, answer.id, sharedSystem, stop.signal);
  }

  const stop = (panelId: string) => stops.current.get(panelId)?.abort();
  return {
    start,
    stop,
    stopAll: () => {
      for (const panelId of stops.current.keys()) {
        stop(panelId);
      }
    },
  };
}

/** Pieces of an answer, told at most once a frame: a fast model would redraw the page for each word. */
function batched(tell: (text: string, run: Partial<Run>) => void) {
  let text = "";
  let run: Partial<Run> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    tell(text, run);
    text = "";
    run = {};
  };
  return {
    add: (more: string, facts: Partial<Run>) => {
      text += more;
      run = { ...run, ...facts };
      timer ??= setTimeout(flush, 16);
    },
    flush,
  };
}
