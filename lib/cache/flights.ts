import type { Answer, StreamAnswer, StreamBatch } from "#lib/contract/answer.ts";
import { getSingleton, singleton } from "#lib/singleton.ts";
import { SharedStream } from "./shared-stream.ts";
import { replayContent, type StoredContent } from "./stored-answer.ts";

/** An answer that came, and whose it is as far as the one who called it wants to tell. */
export interface Landed<Source> {
  answer: Answer;
  source: Source;
}

/** A place in a flight that somebody else leads. */
export interface Seat<Source> {
  /** Resolves with an answer of one's own once there is one; rejects with what `fail` was told. */
  landed: Promise<Landed<Source>>;
  /** The answer is not wanted any more, or has been read to its end. */
  leave(): void;
}

/**
 * One upstream call that several identical requests wait for. The first of them leads: it makes the
 * call as any other request does, and the others are given what it gets, a stream while it comes.
 */
export class Flight<Source> {
  readonly leaderId: string;
  readonly leaderCreatedAtMs: number;
  readonly #remove: () => void;
  readonly #landing = Promise.withResolvers<() => Landed<Source>>();
  #stream: SharedStream | undefined;
  #followers = 0;
  #onDeserted: (() => void) | undefined;

  constructor(leader: { id: string; createdAtMs: number }, remove: () => void) {
    this.leaderId = leader.id;
    this.leaderCreatedAtMs = leader.createdAtMs;
    this.#remove = remove;
    // A flight that fails before anybody has joined is nobody's unhandled rejection.
    this.#landing.promise.catch(() => undefined);
  }

  /** Whether anybody but the leader wants the answer. */
  get isAwaited(): boolean {
    return this.#followers > 0;
  }

  join(): Seat<Source> {
    this.#followers += 1;
    let isTaken = true;
    const leave = (): void => {
      if (isTaken) {
        isTaken = false;
        this.#followers -= 1;
        if (this.#followers === 0) {
          this.#onDeserted?.();
        }
      }
    };
    return { landed: this.#landing.promise.then((make) => make()), leave };
  }

  /** Calls `then` when the last follower has left: a leader that is gone itself has no reason to stay. */
  whenDeserted(then: () => void): void {
    this.#onDeserted = then;
  }

  /** A whole answer came; from now on an identical request is a new one. */
  land(source: Source, content: StoredContent): void {
    this.#remove();
    this.#landing.resolve(() => ({ answer: replayContent(content), source }));
  }

  /** A stream has begun. Gives the leader's share of it; others may join until it has ended. */
  landStream(source: Source, batches: AsyncIterable<StreamBatch>): StreamAnswer {
    const stream = new SharedStream(batches);
    this.#stream = stream;
    const share = (): StreamAnswer => ({ kind: "stream", batches: stream.read() });
    const own = share();
    this.#landing.resolve(() => ({ answer: share(), source }));
    return own;
  }

  /** The leader has ended: well, or with an error that those who still wait for it are given. */
  end(error?: unknown): void {
    this.#remove();
    if (error !== undefined) {
      this.#landing.reject(error);
      this.#stream?.cut(error);
    }
  }
}

const NAME = "cache.flights";

// Every flight of a process is made by one conductor, which knows its `Source`.
function flights<Source>(): Map<string, Flight<Source>> {
  return singleton(NAME, () => new Map<string, Flight<Source>>());
}

/** The flight that an identical request leads at this moment. */
export function getFlight<Source>(digest: Buffer): Flight<Source> | undefined {
  return getSingleton<Map<string, Flight<Source>>>(NAME)?.get(digest.toString("latin1"));
}

/** Opens a flight that identical requests can join until it ends. */
export function openFlight<Source>(
  digest: Buffer,
  leader: { id: string; createdAtMs: number },
): Flight<Source> {
  const all = flights<Source>();
  const name = digest.toString("latin1");
  const flight: Flight<Source> = new Flight(leader, () => {
    if (all.get(name) === flight) {
      all.delete(name);
    }
  });
  all.set(name, flight);
  return flight;
}
