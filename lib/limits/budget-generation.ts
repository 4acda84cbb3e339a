import { readGeneration } from "#lib/redis/scripts/budget-restore.ts";
import { GENERATION_KEY } from "#lib/redis/scripts/keys.ts";
import type { RedisSession } from "#lib/redis/transport.ts";
import type { OpenHolds } from "./budget-open-holds.ts";

export interface GenerationOptions {
  holds: OpenHolds;
  /** Takes budgets over from their rows and from what this process knows is spent. */
  merge: (redis: RedisSession, ids: readonly string[]) => Promise<void>;
}

/**
 * Which Redis this process has told of its holds. A reserve names the generation that it knows; where
 * Redis names another one, everything was lost in between, and nothing is granted before the budgets
 * were read from their rows and the open holds of this process were written again. What other
 * replicas hold follows as soon as they ask, which bounds what can be overspent.
 */
export class BudgetGeneration {
  readonly #options: GenerationOptions;
  #known = "";
  #restoring: Promise<void> | undefined;

  constructor(options: GenerationOptions) {
    this.#options = options;
  }

  /** Empty until Redis has named one. */
  get known(): string {
    return this.#known;
  }

  /** Brings Redis up to date and takes its name over; once, however many requests find out. */
  async takeOver(redis: RedisSession, generation: string): Promise<void> {
    if (generation === this.#known) {
      return;
    }
    this.#restoring ??= this.restore(redis)
      .then(() => {
        this.#known = generation;
      })
      .finally(() => {
        this.#restoring = undefined;
      });
    await this.#restoring;
  }

  /** Asks which generation Redis is, and brings it up to date if it is another than was known. */
  async check(redis: RedisSession): Promise<void> {
    await this.takeOver(redis, String(await redis.run(readGeneration, [GENERATION_KEY], [])));
  }

  /** Writes what this process holds wherever Redis does not have it. */
  async restore(redis: RedisSession): Promise<void> {
    const { holds, merge } = this.#options;
    await merge(redis, holds.budgetIds());
    await holds.restore(redis);
  }
}
