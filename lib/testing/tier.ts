import { appendFileSync } from "node:fs";

/**
 * `quick` is what `make test` runs; `all` is `npm run test:faults`: more rounds, every store and
 * door, longer outages. Set by `CONDUIT_TEST_TIER`.
 */
export type Tier = "quick" | "all";

export function tier(): Tier {
  return process.env["CONDUIT_TEST_TIER"] === "all" ? "all" : "quick";
}

/** A number of rounds, runs or milliseconds that depends on the tier. */
export function byTier<T>(amounts: Readonly<Record<Tier, T>>): T {
  return amounts[tier()];
}

/** The seed of everything random in a run: `CONDUIT_TEST_SEED`, 1 when it is not set. */
export function seed(): number {
  const given = Number(process.env["CONDUIT_TEST_SEED"]);
  return Number.isSafeInteger(given) && given > 0 ? given : 1;
}

/** A figure of the scorecard, as a test or a bench measured it. */
export interface Measured {
  /** `S4`; with a suffix when one figure has several values: `S14.one`. */
  figure: string;
  /** What was measured, as it is to be read in the table: `0 of 1,204,000`. */
  value: string;
  /** Whether the target is met. */
  met: boolean;
  /** How much was run and on what, as `200 requests, 4 replicas, Redis, seed 1`. */
  how: string;
}

/**
 * Hands a figure to the scorecard: one more line in the file that `CONDUIT_FIGURES` names, with the
 * day and the seed. Without that file it does nothing.
 */
export function recordFigure(measured: Measured): void {
  const file = process.env["CONDUIT_FIGURES"];
  if (file !== undefined && file !== "") {
    const line = { ...measured, seed: seed(), on: new Date().toISOString().slice(0, 10) };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
}
