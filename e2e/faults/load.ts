import { ask, type Outcome, type Question } from "./client.ts";

export interface Load {
  outcomes: Outcome[];
  /** Milliseconds of each request, in the order in which they ended. */
  tookMs: number[];
  /** Ends the load after the requests that are under way. */
  stop: () => Promise<void>;
}

/** Asks the same question over and over, `atOnce` at a time, until it is stopped. */
export function startLoad(question: Question, atOnce: number): Load {
  let isLoaded = true;
  const load: Pick<Load, "outcomes" | "tookMs"> = { outcomes: [], tookMs: [] };
  const callers = Array.from({ length: atOnce }, async () => {
    while (isLoaded) {
      const begunAt = performance.now();
      load.outcomes.push(await ask(question));
      load.tookMs.push(performance.now() - begunAt);
    }
  });
  return {
    ...load,
    stop: async () => {
      isLoaded = false;
      await Promise.all(callers);
    },
  };
}

/** The value that a share of all is not above: 0.99 for p99. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
