import { parseUsd } from "#lib/money.ts";
import type { Panel } from "./playground-state.ts";

/** Of several answers to one question: whose came first, and whose cost least. */
export interface Best {
  fastest: string | null;
  cheapest: string | null;
}

const NONE: Best = { fastest: null, cheapest: null };

/** Ids of panels. Nobody is ahead before all have finished, nor where two are level. */
export function bestOf(panels: readonly Panel[]): Best {
  const runs = panels.map((panel) => ({ id: panel.id, run: panel.turns.at(-1)?.run }));
  const done = runs.filter(({ run }) => run?.state === "done");
  if (done.length < 2 || runs.some(({ run }) => run?.state === "running")) {
    return NONE;
  }
  return {
    fastest: leastOf(
      done.map(({ id, run }) => ({ id, value: BigInt(Math.round(run?.totalMs ?? 0)) })),
    ),
    cheapest: leastOf(
      done.flatMap(({ id, run }) => {
        const value = run?.costUsd == null ? undefined : parseUsd(run.costUsd);
        return value === undefined ? [] : [{ id, value }];
      }),
    ),
  };
}

function leastOf(all: readonly { id: string; value: bigint }[]): string | null {
  const [first, second] = all.toSorted((one, other) => (one.value < other.value ? -1 : 1));
  return first === undefined || second === undefined || first.value === second.value
    ? null
    : first.id;
}
