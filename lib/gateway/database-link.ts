import { setTimeout as sleep } from "node:timers/promises";
import { forgetAllKeys } from "#lib/auth/api-key.ts";
import type { Secrets } from "#lib/auth/bootstrap.ts";
import { endPools, fitPools, renewPools } from "#lib/db/client.ts";
import { type ConfigWatch, takeChanges, watchChanges } from "#lib/db/config-version.ts";
import { claimInstance, type InstanceClaim } from "#lib/db/locks.ts";
import { migrate } from "#lib/db/migrate.ts";
import { isDatabaseAway } from "#lib/db/outage.ts";
import { openPinger, type Pinger } from "#lib/db/ping.ts";
import { isDatabaseUp, onReachChange, watchReach } from "#lib/db/reach.ts";
import { refreshSettings } from "#lib/db/settings.ts";
import { refreshSnapshot } from "#lib/db/snapshot.ts";
import type { Env } from "#lib/env.ts";
import { getLog } from "#lib/log.ts";
import { clearLocalAnswers, replayLastRun, startBackground } from "./background.ts";
import { takeOver } from "./changes.ts";
import { type LastGood, openLastGood } from "./last-good.ts";
import type { Runtime } from "./runtime.ts";
import { startSharedClock } from "./shared-clock.ts";

const ALL_POOLS = ["hot", "batch", "console"] as const;
/** How long a start that has nothing to serve waits between two tries. */
const RETRY_MS = { first: 500, longest: 5_000 };
/** A start has three seconds; what answers later than this is joined as soon as it does. */
const FIRST_ANSWER_MS = 1_500;

/** What this process has to do with its database, from the first try to the last. */
export interface DatabaseLink {
  /** Whether the database was there at the start, so that it can be asked for more. */
  isJoined: boolean;
  /** Whether what is still to be stored at the end can be; to be asked after `stop`. */
  isUp(): boolean;
  /** Ends all background work; the pools stay open for what is still to be stored. */
  stop(): Promise<void>;
  /** Gives up the claim on the database; the last thing before it is closed. */
  release(): Promise<void>;
}

export interface LinkOptions {
  env: Env;
  secrets: Secrets;
  runtime: Runtime;
  /** Called once when the start has to wait for the database. */
  onWaiting: () => Promise<void>;
}

/** What runs while the database is known to be of this version and ours. */
interface Membership {
  claim: InstanceClaim;
  stop(): Promise<void>;
}

/**
 * Joins the database: schema, claim, the journal of the last run, configuration, background work. When
 * it is away, the last good configuration on disk is taken into use and everything else follows as soon
 * as it is back; without one the start waits. Throws `SettingsError` and the database's own refusals.
 */
export async function linkDatabase(options: LinkOptions): Promise<DatabaseLink> {
  const { env, secrets } = options;
  const pinger = openPinger();
  const lastGood = openLastGood(env, secrets.masterKeys);
  const link = new Link(options, { pinger, lastGood });
  await link.open();
  return link;
}

class Link implements DatabaseLink {
  readonly #options: LinkOptions;
  readonly #pinger: Pinger | undefined;
  readonly #lastGood: LastGood;
  #membership: Membership | undefined;
  #reach: { stop(): Promise<void> } | undefined;
  #forget: (() => void) | undefined;
  #recovering: Promise<void> = Promise.resolve();
  #isStopping = false;
  /** Whether the database was away when the end began. */
  #isGivenUp = false;

  constructor(options: LinkOptions, parts: { pinger: Pinger | undefined; lastGood: LastGood }) {
    this.#options = options;
    this.#pinger = parts.pinger;
    this.#lastGood = parts.lastGood;
  }

  get isJoined(): boolean {
    return this.#membership !== undefined;
  }

  isUp(): boolean {
    return !this.#isGivenUp && isDatabaseUp();
  }

  async open(): Promise<void> {
    for (let tries = 0; this.#membership === undefined; tries += 1) {
      try {
        await this.#pinger?.ping(FIRST_ANSWER_MS);
        this.#membership = await this.#join({ isLate: false });
      } catch (error) {
        if (this.#pinger === undefined || this.#options.env.serverless || !isDatabaseAway(error)) {
          throw error;
        }
        if (await this.#lastGood.restore()) {
          break;
        }
        await this.#wait(tries, error);
      }
    }
    if (this.#options.env.serverless) {
      // Nothing runs between requests there, so nobody would ask.
      await this.#pinger?.stop();
    } else if (this.#pinger !== undefined) {
      this.#watch(this.#pinger);
    }
  }

  async #wait(tries: number, error: unknown): Promise<void> {
    if (tries === 0) {
      getLog().error(
        { err: error },
        "The database does not answer, and there is no last good configuration: waiting for it.",
      );
      await this.#options.onWaiting();
    }
    const pauseMs = Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** Math.min(tries, 10));
    await sleep(pauseMs * (0.5 + Math.random() / 2));
  }

  #watch(pinger: Pinger): void {
    this.#reach = watchReach({ ping: () => pinger.ping(), isUp: this.isJoined });
    this.#forget = onReachChange((isUp) => {
      this.#recovering = this.#recovering
        .then(() => (isUp ? this.#comeBack() : loseTouch()))
        .catch((error: unknown) => this.#tryAgain(error));
    });
  }

  async #comeBack(): Promise<void> {
    if (this.#isStopping) {
      return;
    }
    // Connections from before the outage may be waiting for packets that will never come.
    await renewPools(ALL_POOLS);
    if (this.#membership === undefined) {
      this.#membership = await this.#join({ isLate: true });
    } else {
      await takeChanges();
    }
  }

  /** What the ping does not see, as a migration that fails, is tried again while it answers. */
  #tryAgain(error: unknown): void {
    getLog().error({ err: error }, "The database is back, but could not be joined yet.");
    setTimeout(() => {
      if (isDatabaseUp()) {
        this.#recovering = this.#recovering
          .then(() => this.#comeBack())
          .catch((again: unknown) => this.#tryAgain(again));
      }
    }, RETRY_MS.longest).unref();
  }

  async #join({ isLate }: { isLate: boolean }): Promise<Membership> {
    const { env, runtime } = this.#options;
    await migrate();
    const claim = await claimInstance(env, { isLate });
    let watcher: ConfigWatch | undefined;
    let clock: { stop(): void } | undefined;
    try {
      await fitPools(env.replicas);
      clock = await startSharedClock(env);
      await clearLocalAnswers(env);
      await replayLastRun(env, runtime);
      if (isLate) {
        // What the file said is a while old.
        forgetAllKeys();
      }
      watcher = await watchChanges({ onChange: takeOver, onlyWhenAsked: env.serverless });
      await refreshSnapshot();
      await refreshSettings();
      await this.#lastGood.begin();
      return { claim, stop: await startBackground(env, runtime, { watcher, clock }) };
    } catch (error) {
      clock?.stop();
      await watcher?.stop();
      await claim.release();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#forget?.();
    if (!(await this.#answers())) {
      // Nobody will answer what is still asked, and whatever is asked next should not wait.
      this.#isGivenUp = true;
      await endPools();
    }
    await this.#recovering;
    await this.#lastGood.stop();
    await this.#membership?.stop();
    await this.#reach?.stop();
    await this.#pinger?.stop();
  }

  /** A crowd may have been taken for an outage; what is given up now could be stored by nobody. */
  async #answers(): Promise<boolean> {
    if (isDatabaseUp()) {
      return true;
    }
    try {
      await this.#pinger?.ping();
      return true;
    } catch {
      return false;
    }
  }

  async release(): Promise<void> {
    await this.#membership?.claim.release();
  }
}

/** What people wait for fails now instead of never; log rows may wait. */
async function loseTouch(): Promise<void> {
  await renewPools(["hot", "console"]);
}
