import { setTimeout as sleep } from "node:timers/promises";
import { ask, type Outcome } from "../faults/client.ts";

export interface LoadOptions {
  url: string;
  key: string;
  model: string;
  headers?: Readonly<Record<string, string>>;
  /** Requests that begin in a second, whole and streamed in turn, however long the answers take. */
  perSecond: number;
}

export interface Load {
  /** What became of each request so far, in the order of the ends. */
  outcomes: Outcome[];
  /** Requests that have begun. */
  sent: () => number;
  /** Resolves when so many were answered; throws when that does not come. */
  whenAnswered: (count: number) => Promise<void>;
  /** Begins no more, and resolves when every request has ended. */
  stop: () => Promise<void>;
}

const STEP_MS = 5;
const PATIENCE_MS = 30_000;

/** Asks at an even pace until it is stopped; a server that is gone ends no request's count. */
export function startLoad({ perSecond, ...question }: LoadOptions): Load {
  const outcomes: Outcome[] = [];
  const open = new Set<Promise<void>>();
  let sent = 0;
  let isOver = false;

  const send = (): void => {
    const asking = ask({ ...question, stream: sent % 2 === 1 }).then((outcome) => {
      outcomes.push(outcome);
      open.delete(asking);
    });
    sent += 1;
    open.add(asking);
  };
  const pacing = (async () => {
    for (const from = performance.now(); !isOver; await sleep(STEP_MS)) {
      const due = ((performance.now() - from) / 1000) * perSecond;
      while (sent < due) {
        send();
      }
    }
  })();
  return {
    outcomes,
    sent: () => sent,
    async whenAnswered(count) {
      const deadline = performance.now() + PATIENCE_MS;
      while (outcomes.length < count) {
        if (performance.now() > deadline) {
          throw new Error(`Only ${outcomes.length} of ${count} requests were answered.`);
        }
        await sleep(1);
      }
    },
    async stop() {
      isOver = true;
      await pacing;
      await Promise.all(open);
    },
  };
}
