import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import { singleton } from "#lib/singleton.ts";
import type { Pattern } from "./pattern.ts";
import type { Question, Reply } from "./worker.ts";

/**
 * How long one check may take in the thread, without the time for which it waits its turn. On a busy
 * machine a thread does not get all of the time that passes, so its own time counts from half of the
 * limit on.
 */
const LIMIT_MS = 100;
const LOOK_MS = LIMIT_MS / 2;
/** Whatever else the machine does, nobody waits longer than this. */
const MOST_MS = 1_000;

export type Spans = readonly (readonly [number, number, number])[];

interface Job {
  question: Question;
  signal: AbortSignal;
  resolve(spans: Spans): void;
  reject(error: Error): void;
}

/**
 * The one thread for patterns, started by the first question. One question is asked at a time, so
 * that its clock says something; a thread that overruns it is ended, and another takes the rest.
 */
class PatternThread {
  readonly #queue: Job[] = [];
  #worker: Worker | undefined;
  #isReady = false;
  #current: Job | undefined;
  #clock: NodeJS.Timeout | undefined;
  #nextId = 1;

  /**
   * The spans of a pattern in texts. Rejects when it took too long or could not be made. A question
   * whose signal has fired before its turn came is not asked at all.
   */
  find(pattern: Pattern, texts: readonly string[], signal: AbortSignal): Promise<Spans> {
    const question = { id: this.#nextId++, texts, ...pattern };
    return new Promise((resolve, reject) => {
      this.#queue.push({ question, signal, resolve, reject });
      this.#warm();
      this.#next();
    });
  }

  #warm(): void {
    if (this.#worker === undefined) {
      this.#start();
    }
  }

  #start(): void {
    // Next's bundler would put something of its own in place of an imported `Worker`, and not find
    // the file; Node itself is asked for it.
    const { Worker: Thread } = process.getBuiltinModule("node:worker_threads");
    const file = join(dirname(fileURLToPath(import.meta.url)), "worker.ts");
    const worker = new Thread(file, { execArgv: [] });
    worker.on("message", (message: Reply) => this.#take(worker, message));
    worker.on("error", () => this.#lose(worker));
    worker.on("exit", () => this.#lose(worker));
    if (this.#queue.length === 0) {
      worker.unref();
    }
    this.#worker = worker;
    this.#isReady = false;
  }

  #take(worker: Worker, message: Reply): void {
    if (worker !== this.#worker) {
      return;
    }
    if (message.kind === "ready") {
      this.#isReady = true;
    } else {
      const job = this.#end();
      if (message.spans === null) {
        job?.reject(new Error("The pattern could not be run."));
      } else {
        job?.resolve(message.spans);
      }
    }
    this.#next();
  }

  #next(): void {
    if (this.#current !== undefined || !this.#isReady) {
      return;
    }
    this.#current = this.#nextJob();
    if (this.#current === undefined) {
      // A thread that nobody waits for does not keep the process alive.
      this.#worker?.unref();
      return;
    }
    this.#worker?.ref();
    this.#clock = setTimeout(() => void this.#look({ waitedMs: LOOK_MS }), LOOK_MS);
    this.#worker?.postMessage(this.#current.question);
  }

  #nextJob(): Job | undefined {
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      if (!job.signal.aborted) {
        return job;
      }
      job.reject(new Error("The request ended before the check did."));
    }
    return undefined;
  }

  /** Looks every so often how much time the thread itself had; the first look only remembers it. */
  async #look({ waitedMs, before }: { waitedMs: number; before?: number }): Promise<void> {
    const [worker, job] = [this.#worker, this.#current];
    const usedMs = await usedBy(worker);
    if (worker !== this.#worker || job !== this.#current || job === undefined) {
      return;
    }
    // A version of Node that does not tell counts the time that passes.
    const now = usedMs ?? waitedMs;
    if (now - (before ?? now) >= LOOK_MS || waitedMs >= MOST_MS) {
      this.#overrun();
      return;
    }
    const next = { waitedMs: waitedMs + LOOK_MS, before: before ?? now };
    this.#clock = setTimeout(() => void this.#look(next), LOOK_MS);
  }

  #end(): Job | undefined {
    clearTimeout(this.#clock);
    const job = this.#current;
    this.#current = undefined;
    return job;
  }

  #overrun(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    this.#end()?.reject(new Error(`The pattern took longer than ${LIMIT_MS} ms.`));
    this.#restart();
  }

  #lose(worker: Worker): void {
    if (worker !== this.#worker) {
      return;
    }
    this.#worker = undefined;
    this.#end()?.reject(new Error("The pattern could not be run."));
    // A thread that does not even start would be started for ever.
    if (!this.#isReady) {
      for (const job of this.#queue.splice(0)) {
        job.reject(new Error("The thread for patterns does not start."));
      }
    }
    this.#restart();
  }

  #restart(): void {
    this.#isReady = false;
    if (this.#queue.length > 0) {
      this.#start();
    }
  }
}

/** The time that a thread itself has had, in milliseconds. `undefined` where that is not known. */
async function usedBy(worker: Worker | undefined): Promise<number | undefined> {
  try {
    const usage = await worker?.cpuUsage();
    return usage && usage.user / 1_000;
  } catch {
    // It has ended, or this is a Node before 24.6.
    return undefined;
  }
}

/** The process's thread for patterns. */
export function patternThread(): PatternThread {
  return singleton("guardrails.pattern-thread", () => new PatternThread());
}
