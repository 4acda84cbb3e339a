"use client";

import { useEffect, useRef, useState } from "react";

export interface Trial<Result> {
  isRunning: boolean;
  result: Result | null;
  /** Why it could not be run, in the server's words. */
  problem: string | null;
  run: () => void;
  stop: () => void;
}

/**
 * A question to the server that somebody may ask again before it is answered: the earlier one is
 * given up. The last result stays until there is another.
 */
export function useTrial<Result>(ask: (signal: AbortSignal) => Promise<Result>): Trial<Result> {
  const [state, setState] = useState<Omit<Trial<Result>, "run" | "stop">>({
    isRunning: false,
    result: null,
    problem: null,
  });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function run() {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState((before) => ({ ...before, isRunning: true, problem: null }));
    try {
      const result = await ask(controller.signal);
      if (!controller.signal.aborted) {
        setState({ isRunning: false, result, problem: null });
      }
    } catch (error) {
      if (!controller.signal.aborted) {
        const problem = error instanceof Error ? error.message : "It could not be run.";
        setState((before) => ({ ...before, isRunning: false, problem }));
      }
    }
  }

  function stop() {
    running.current?.abort();
    setState((before) => ({ ...before, isRunning: false }));
  }

  return { ...state, run: () => void run(), stop };
}
