import { parseArgs } from "node:util";
import { openConsole } from "#lib/console/demo/boot.ts";
import { DEMO_PASSWORD, DEMO_SIGN_INS } from "#lib/console/demo/company.ts";
import { MOST_PLACES } from "#lib/console/demo/found.ts";
import { type DemoPlan, seedDemo } from "#lib/console/demo/seed.ts";

/**
 * Fills an empty install with demonstration data: `npm run db:seed -- --rows 20000 --days 40`.
 * `--seed` and `--now` make it repeatable; `--force-empty` removes what is there first.
 */
const USAGE = `npm run db:seed -- [--rows 20000] [--days 40] [--seed 1] [--now 2026-11-22T12:00:00Z]
                  [--zone Europe/Berlin] [--places 1] [--force-empty]`;

function readPlan(): DemoPlan {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "20000" },
      days: { type: "string", default: "40" },
      seed: { type: "string", default: "1" },
      now: { type: "string" },
      zone: { type: "string", default: "Europe/Berlin" },
      places: { type: "string", default: "1" },
      "force-empty": { type: "boolean", default: false },
    },
  });
  return {
    rows: whole("rows", values.rows, { least: 0, most: 50_000_000 }),
    days: whole("days", values.days, { least: 1, most: 400 }),
    seed: whole("seed", values.seed, { least: 0, most: 2 ** 32 - 1 }),
    nowMs: instant(values.now),
    zone: zone(values.zone),
    places: whole("places", values.places, { least: 1, most: MOST_PLACES }),
    emptyFirst: values["force-empty"],
  };
}

function whole(name: string, text: string, bounds: { least: number; most: number }): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < bounds.least || value > bounds.most) {
    throw new RangeError(
      `--${name} has to be a whole number from ${bounds.least} to ${bounds.most}.`,
    );
  }
  return value;
}

function instant(text: string | undefined): number {
  const value = text === undefined ? Date.now() : Date.parse(text);
  if (Number.isNaN(value)) {
    throw new RangeError("--now has to be an instant such as 2026-11-22T12:00:00Z.");
  }
  return value;
}

function zone(name: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new RangeError("--zone has to be a time zone such as Europe/Berlin.");
  }
}

async function run(plan: DemoPlan): Promise<void> {
  const close = await openConsole();
  try {
    const startedMs = performance.now();
    const { stored, sample } = await seedDemo({
      ...plan,
      onProgress: (count) => {
        if (count % 100_000 === 0 && count > 0) {
          console.log(`${count} of ${plan.rows} requests`);
        }
      },
    });
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    console.log(`Stored ${stored} requests of ${plan.days} days in ${seconds} s.`);
    console.log("Sign in as one of these:");
    for (const email of DEMO_SIGN_INS) {
      console.log(`  ${email}  ${DEMO_PASSWORD}`);
    }
    console.log(`The key of "${sample.alias}" for calls to /v1: ${sample.key}`);
  } finally {
    await close();
  }
}

try {
  await run(readPlan());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof RangeError || error instanceof TypeError) {
    console.error(USAGE);
  }
  process.exitCode = 1;
}
