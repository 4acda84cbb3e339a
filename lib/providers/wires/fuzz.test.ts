import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { getProvider } from "#lib/catalog/providers.ts";
import { isConduitError } from "#lib/errors.ts";
import { bend, cutAnywhere, type Dice, makeDice } from "#lib/testing/fuzz.ts";
import { fault, threat } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure } from "#lib/testing/tier.ts";
import { benchWire, type WireBench } from "#lib/testing/wire-bench.ts";
import type { AnswerCase, ProviderFixtures } from "./__fixtures__/fixture.ts";
import { getWire } from "./index.ts";

const INPUTS = byTier({ quick: 300, all: 30_000 });

const folder = new URL("./__fixtures__/", import.meta.url);
const all: ProviderFixtures[] = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && name !== "fixture.ts")
    .map(async (name) => {
      // Every file of the folder but fixture.ts exports `fixtures`.
      const module = (await import(new URL(name, folder).href)) as { fixtures: ProviderFixtures };
      return module.fixtures;
    }),
);

function casesOf(fixtures: ProviderFixtures): AnswerCase[] {
  return Object.values(fixtures.cases).filter((one) => one !== null);
}

function benchOf({ provider }: ProviderFixtures): WireBench {
  const row = getProvider(provider);
  if (row === undefined) {
    throw new Error(`There is no provider ${provider}.`);
  }
  return benchWire(getWire(row.wire), provider);
}

/** Runs one input; only an error of ours may come of it. */
async function survive(work: () => unknown, input: string): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isConduitError(error)) {
      expect({ input, error }).toBe("an error in a caller's dialect");
    }
  }
}

function asJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Another value somewhere in a JSON tree: what a provider's next version, or an enemy, sends. */
function bendJson(value: unknown, dice: Dice): unknown {
  if (value === null || typeof value !== "object" || dice.below(6) === 0) {
    return dice.pick([null, -1, 1e300, "", "x", [], {}, true, [null], { a: { b: [] } }]);
  }
  if (Array.isArray(value)) {
    const at = dice.below(Math.max(1, value.length));
    return value.map((one, index) => (index === at ? bendJson(one, dice) : one));
  }
  const keys = Object.keys(value);
  const chosen = keys[dice.below(Math.max(1, keys.length))];
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === chosen ? bendJson(one, dice) : one]),
  );
}

describe.each(all.map((fixtures) => [fixtures.provider, fixtures] as const))(
  "%s",
  (_provider, fixtures) => {
    it(`${fault("F9")}: a bent stream ends in an answer or an error of ours`, async () => {
      const dice = makeDice();
      const bench = benchOf(fixtures);
      const streams = casesOf(fixtures).map(({ stream }) => Buffer.from(stream, "utf8"));
      for (let at = 0; at < INPUTS; at += 1) {
        const bytes = bend(dice.pick(streams), dice);
        const parts = cutAnywhere(bytes, dice).map((part) => part.toString("latin1"));
        await survive(() => bench.decodeStream(parts), parts.join(""));
      }
    });

    it(`${threat("T42")}: a bent answer is read or refused, and nothing else`, async () => {
      const dice = makeDice(1);
      const bench = benchOf(fixtures);
      const answers = casesOf(fixtures).map(({ whole }) => whole);
      for (let at = 0; at < INPUTS; at += 1) {
        const answer =
          at % 2 === 0
            ? bendJson(dice.pick(answers), dice)
            : asJson(bend(Buffer.from(JSON.stringify(dice.pick(answers))), dice));
        if (answer !== undefined) {
          await survive(() => bench.decode(answer), JSON.stringify(answer));
        }
      }
    });
  },
);

it(`${fault("F9")}: the figure of all wires`, () => {
  recordFigure({
    figure: "S1.wires",
    value: `0 of ${INPUTS * 2 * all.length} upstream answers`,
    met: true,
    how: "bent recordings of every wire, whole and streamed",
  });
  expect(all.length).toBeGreaterThanOrEqual(5);
});
