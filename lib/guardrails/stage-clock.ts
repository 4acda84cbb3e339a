import { REMOTE_BUDGET_MS, StageTimeout } from "./run-rule.ts";

/** The time that one stage's checks of other services have together. */
export interface StageClock {
  /** Fires when the time is over, or with the request. */
  signal: AbortSignal;
  /** Has to be called when the stage is done. */
  close(): void;
}

/** Starts the time of a stage. Costs nothing until somebody asks for the signal. */
export function openStageClock(request: AbortSignal): StageClock {
  let cut: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;
  const follow = (): void => cut?.abort(request.reason);
  return {
    get signal() {
      if (cut === undefined) {
        cut = new AbortController();
        timer = setTimeout(() => cut?.abort(new StageTimeout()), REMOTE_BUDGET_MS);
        request.addEventListener("abort", follow, { once: true });
        if (request.aborted) {
          follow();
        }
      }
      return cut.signal;
    },
    close() {
      clearTimeout(timer);
      request.removeEventListener("abort", follow);
      // Whatever is still asked (a check that gave no answer in time) is asked for nothing.
      cut?.abort(new StageTimeout());
    },
  };
}
