import type { Env } from "#lib/env.ts";
import { getLog } from "#lib/log.ts";
import { Breaker, type BreakerState } from "./breaker.ts";
import { openIoredis } from "./ioredis-transport.ts";
import { checkAlive } from "./scripts/alive.ts";
import { ALIVE_KEY } from "./scripts/keys.ts";
import {
  openSession,
  type RedisArgument,
  type RedisSession,
  type RedisTransport,
} from "./transport.ts";
import { openUpstash } from "./upstash-transport.ts";

const SOCKET_DEADLINE_MS = 50;
const REST_DEADLINE_MS = 150;
const FIRST_ANSWER_MS = 1_000;
const FIRST_ANSWER_STEP_MS = 20;
/** A connection to a host that vanished never errors; past this it is made anew. */
const RESET_AFTER_MS = 5_000;
/** Tasks kept for a Redis that is away; what falls off is ended by its own expiry in Redis. */
const BACKLOG_MOST = 10_000;
const DRAIN_AFTER_MS = 200;

export type RecoveryHook = (redis: RedisSession) => Promise<() => void>;
type Task = (redis: RedisSession) => Promise<unknown>;

export interface RedisClient extends RedisSession {
  readonly kind: "redis" | "upstash";
  readonly isUp: boolean;
  /** Whether it is known to be away, and not only doubted for a moment. */
  readonly isOut: boolean;
  /** Resolves with the first answer, or when it did not come; never rejects. */
  readonly started: Promise<void>;
  /**
   * Runs a task that has to happen but that nobody waits for the result of: now, or when Redis is
   * back, in the order given and before anything else is asked of it.
   */
  eventually(task: Task): Promise<void>;
  /** Tries the waiting tasks again, for failures that did not open the breaker. */
  drain(): Promise<void>;
  /**
   * Has `hook` run before the first call after an outage; a hook that rejects prolongs it. What it
   * gives is called once calls are let through again, or once the attempt to get there has failed.
   */
  onRecovery(hook: RecoveryHook): void;
  close(): void;
}

export interface RedisOptions {
  env: Pick<Env, "redisUrl" | "upstash">;
  /** How long one command may take; 50 ms over a socket and 150 ms over REST when left out. */
  deadlineMs?: number | undefined;
}

/**
 * Opens the Redis that the settings name; `undefined` when they name none. A server that does not
 * answer within a second is no error: the client goes on with its breaker open and looks for the
 * server in the background.
 */
export function openRedis(options: RedisOptions): RedisClient | undefined {
  const transport = openTransport(options);
  return transport === undefined ? undefined : new GuardedRedis(transport);
}

function openTransport({ env, deadlineMs }: RedisOptions): RedisTransport | undefined {
  if (env.upstash !== undefined) {
    return openUpstash(env.upstash, deadlineMs ?? REST_DEADLINE_MS);
  }
  return env.redisUrl === undefined
    ? undefined
    : openIoredis(env.redisUrl, deadlineMs ?? SOCKET_DEADLINE_MS);
}

class GuardedRedis implements RedisClient {
  readonly #transport: RedisTransport;
  readonly #session: RedisSession;
  readonly #breaker: Breaker;
  readonly #hooks: RecoveryHook[] = [];
  readonly started: Promise<void>;
  #finishers: (() => void)[] = [];
  #backlog: Task[] = [];
  #draining: Promise<void> | undefined;
  #drainTimer: NodeJS.Timeout | undefined;
  #resetAtMs = RESET_AFTER_MS;

  constructor(transport: RedisTransport) {
    this.#transport = transport;
    this.#session = openSession(transport);
    this.#breaker = new Breaker({
      probe: () => this.#session.run(checkAlive, [ALIVE_KEY], []),
      recover: () => this.#recover(),
      onChange: (state, cause) => this.#report(state, cause),
      onProbeFailure: (openForMs) => {
        this.#finishRecovery();
        this.#resetIfStale(openForMs);
      },
    });
    this.started = this.#awaitFirstAnswer();
  }

  get kind(): "redis" | "upstash" {
    return this.#transport.kind;
  }

  get isUp(): boolean {
    return this.#breaker.isClosed;
  }

  get isOut(): boolean {
    return this.#breaker.isOpen;
  }

  send(command: readonly RedisArgument[]): Promise<unknown> {
    return this.#breaker.run(() => this.#session.send(command));
  }

  run(...call: Parameters<RedisSession["run"]>): Promise<unknown> {
    return this.#breaker.run(() => this.#session.run(...call));
  }

  async eventually(task: Task): Promise<void> {
    if (this.#breaker.isClosed && this.#backlog.length === 0) {
      try {
        await this.#breaker.run(() => task(this.#session));
        return;
      } catch {
        // The breaker has counted it; the task waits in line for the next try.
      }
    }
    this.#backlog.push(task);
    if (this.#backlog.length > BACKLOG_MOST) {
      this.#backlog.shift();
    }
    this.#drainSoon();
  }

  async drain(): Promise<void> {
    if (!this.#breaker.isClosed) {
      return;
    }
    try {
      await this.#drainThrough((task) => this.#breaker.run(() => task(this.#session)));
    } catch {
      // The breaker has counted it; the task stays first in line.
    }
  }

  /** For answers that were missed without opening the breaker, whose recovery would drain. */
  #drainSoon(): void {
    this.#drainTimer ??= setTimeout(() => {
      this.#drainTimer = undefined;
      void this.#drainAgain();
    }, DRAIN_AFTER_MS).unref();
  }

  async #drainAgain(): Promise<void> {
    await this.drain();
    if (this.#breaker.isClosed && this.#backlog.length > 0) {
      this.#drainSoon();
    }
  }

  onRecovery(hook: RecoveryHook): void {
    this.#hooks.push(hook);
  }

  close(): void {
    this.#breaker.stop();
    clearTimeout(this.#drainTimer);
    this.#transport.close();
  }

  async #awaitFirstAnswer(): Promise<void> {
    const deadlineMs = performance.now() + FIRST_ANSWER_MS;
    let cause: unknown;
    while (performance.now() < deadlineMs) {
      try {
        await this.#session.run(checkAlive, [ALIVE_KEY], []);
        return;
      } catch (error) {
        cause = error;
        await new Promise((resolve) => setTimeout(resolve, FIRST_ANSWER_STEP_MS));
      }
    }
    this.#breaker.open(cause);
  }

  async #recover(): Promise<void> {
    await this.#drainThrough((task) => task(this.#session));
    for (const hook of this.#hooks) {
      this.#finishers.push(await hook(this.#session));
    }
  }

  #finishRecovery(): void {
    const finishers = this.#finishers;
    this.#finishers = [];
    for (const finish of finishers) {
      finish();
    }
  }

  /** One drain at a time, so that tasks keep their order and none runs twice at once. */
  async #drainThrough(run: (task: Task) => Promise<unknown>): Promise<void> {
    while (this.#draining !== undefined) {
      await this.#draining.catch(() => undefined);
    }
    this.#draining = this.#runBacklog(run).finally(() => {
      this.#draining = undefined;
    });
    await this.#draining;
  }

  async #runBacklog(run: (task: Task) => Promise<unknown>): Promise<void> {
    for (let task = this.#backlog[0]; task !== undefined; task = this.#backlog[0]) {
      await run(task);
      this.#backlog.shift();
    }
  }

  #resetIfStale(openForMs: number): void {
    if (openForMs >= this.#resetAtMs) {
      this.#resetAtMs = openForMs + RESET_AFTER_MS;
      this.#transport.reset();
    }
  }

  #report(state: BreakerState, cause: unknown): void {
    this.#resetAtMs = RESET_AFTER_MS;
    if (state === "open") {
      getLog().warn({ err: cause }, "Redis does not answer; limits are kept without it");
      return;
    }
    this.#finishRecovery();
    if (state === "closed") {
      getLog().info("Redis answers again");
    }
  }
}
