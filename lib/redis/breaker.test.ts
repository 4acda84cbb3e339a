import { describe, expect, it } from "vitest";
import { fault } from "#lib/testing/reliability-rows.ts";
import { Breaker, type BreakerState, isRedisUnavailable } from "./breaker.ts";

/** What a call that got no answer in time rejects with. */
function silence(): Error {
  return Object.assign(new Error("no answer"), { name: "TimeoutError" });
}

function makeBreaker(probe: () => Promise<unknown> = () => Promise.reject(silence())) {
  const states: BreakerState[] = [];
  let probes = 0;
  const breaker = new Breaker({
    probe: () => {
      probes += 1;
      return probe();
    },
    recover: async () => undefined,
    onChange: (state) => states.push(state),
    onProbeFailure: () => undefined,
  });
  return { breaker, states, probes: () => probes };
}

async function failing(breaker: Breaker, error: Error): Promise<void> {
  const failure = await breaker
    .run(() => Promise.reject(error))
    .then(
      () => undefined,
      (caught: unknown) => caught,
    );
  expect(isRedisUnavailable(failure)).toBe(true);
}

describe(fault("F28"), () => {
  it("after one call without an answer nobody else waits for one", async () => {
    const { breaker, states, probes } = makeBreaker(() => new Promise(() => undefined));
    await failing(breaker, silence());
    let asked = false;
    const next = breaker.run(async () => {
      asked = true;
    });
    await expect(next).rejects.toSatisfy(isRedisUnavailable);
    expect({ asked, probes: probes(), states }).toEqual({ asked: false, probes: 1, states: [] });
    breaker.stop();
  });

  it("five failures are told once, whoever has caught them", async () => {
    const { breaker, states, probes } = makeBreaker();
    await failing(breaker, silence());
    await expect.poll(() => states).toEqual(["open"]);
    expect(probes()).toBe(4);
    await failing(breaker, silence());
    expect(states).toEqual(["open"]);
    breaker.stop();
  });

  it("an answer settles the doubt, and nothing is told of it", async () => {
    const { breaker, states } = makeBreaker(async () => "OK");
    await failing(breaker, silence());
    await expect.poll(() => breaker.isClosed).toBe(true);
    expect(states).toEqual(["cleared"]);
    expect(await breaker.run(async () => "an answer")).toBe("an answer");
    breaker.stop();
  });

  it("a wall clock that is set back meanwhile changes nothing", async ({ onTestFinished }) => {
    const real = Date.now;
    onTestFinished(() => {
      Date.now = real;
    });
    const { breaker, states } = makeBreaker(async () => "OK");
    breaker.open(new Error("refused"));
    Date.now = () => real() - 600_000;
    await expect.poll(() => breaker.isClosed, { timeout: 5_000 }).toBe(true);
    expect(states).toEqual(["open", "closed"]);
    breaker.stop();
  });
});

describe(fault("F27"), () => {
  it("is known after five failures in a row, and not after four and an answer", async () => {
    const { breaker, states } = makeBreaker();
    const refused = new Error("Redis is not connected.");
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await failing(breaker, refused);
    }
    await breaker.run(async () => "an answer");
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await failing(breaker, refused);
    }
    expect(states).toEqual([]);
    await failing(breaker, refused);
    expect(states).toEqual(["open"]);
    breaker.stop();
  });
});
