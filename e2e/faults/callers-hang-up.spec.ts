import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FakeRequest, Reply, Step } from "#lib/testing/fake-upstream.ts";
import { chatStreamEvents, chunkEvent, EVENT_STREAM } from "#lib/testing/openai-replies.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure } from "#lib/testing/tier.ts";
import { allRows, expectInvariants, type LogRow } from "./invariants.ts";
import { type HeldCall, holdCall } from "./raw-client.ts";
import { until } from "./until.ts";
import { type Door, type FaultWorld, type Store, startFaultWorld, storesToTest } from "./world.ts";

/** One token each, as OpenAI's newest encoding counts. */
const WORDS = " the quick brown fox jumps over a lazy dog and runs home".split(/(?= )/);
const PROMPT = "Tell me what became of the fox, and leave nothing out. ".repeat(40);
/** What a provider counts: three tokens around each message, one for its role, three for the reply. */
const PROMPT_TOKENS = encode(PROMPT).length + 7;
const NANOS_IN = 1000;
const NANOS_OUT = 2000;

/** How far the upstream goes before it falls silent. */
type Moment = "before its head" | "before the first token" | "after the finish" | number;

/** Whether the upstream tells its usage with every chunk, as some do, or only at the end. */
type Telling = "told" | "estimated";

const EVERY_EVENT = WORDS.map((_, at) => at + 1);
const MOMENTS: readonly Moment[] = [
  "before its head",
  "before the first token",
  ...EVERY_EVENT,
  "after the finish",
];

function upstreamReply(asked: FakeRequest): Reply {
  const { user } = asked.json() as { user: string };
  const [moment, telling] = JSON.parse(user) as [Moment, Telling];
  const events = contentEvents(telling);
  const hang: Step = { hang: true };
  if (moment === "before its head") {
    return { raw: true, steps: [hang] };
  }
  const shown =
    moment === "before the first token"
      ? events.slice(0, 1)
      : moment === "after the finish"
        ? events
        : events.slice(0, moment + 1);
  return { headers: EVENT_STREAM, steps: [...shown, hang] };
}

/** The role, each word and the finish; without the usage and the end mark. */
function contentEvents(telling: Telling): string[] {
  const events = [
    chunkEvent({ role: "assistant", content: "" }, null),
    ...WORDS.map((content) => chunkEvent({ content }, null)),
    chunkEvent({}, "stop"),
  ];
  if (telling === "estimated") {
    return events;
  }
  return events.map((event, at) => {
    const completion = Math.min(at, WORDS.length);
    const usage = {
      prompt_tokens: PROMPT_TOKENS,
      completion_tokens: completion,
      total_tokens: PROMPT_TOKENS + completion,
    };
    return event.replace('"usage":null', `"usage":${JSON.stringify(usage)}`);
  });
}

function wordsAt(moment: Moment): number {
  return typeof moment === "number" ? moment : moment === "after the finish" ? WORDS.length : 0;
}

/** Hangs up when the caller has read all that there is; gives the moment that it did. */
async function hangUpAt(call: HeldCall, moment: Moment, arrived: Promise<unknown>) {
  await arrived;
  if (wordsAt(moment) > 0) {
    await call.whenEvents(wordsAt(moment));
  }
  if (moment === "after the finish") {
    await until("the finish is read", () => call.text().includes('"stop"'));
  }
  return call.hangUp();
}

interface Left {
  moment: Moment;
  telling: Telling;
  session: string;
  /** From the hang-up to the end of the upstream's connection. */
  abortMs: number;
}

/** One caller who leaves at a moment, seen from both sides. */
async function leave(
  world: FaultWorld,
  key: string,
  at: { moment: Moment; telling: Telling; session: string },
): Promise<Left> {
  const { moment, telling, session } = at;
  const user = JSON.stringify([moment, telling, session]);
  const asked = () =>
    world.upstream.requests.find((one) => (one.json() as { user: string }).user === user);
  const call = holdCall(
    world.gateway,
    key,
    { model: "fox", stream: true, user, messages: [{ role: "user", content: PROMPT }] },
    { "x-conduit-session": session },
  );
  const leftMs = await hangUpAt(
    call,
    moment,
    until("the upstream is asked", () => asked() !== undefined),
  );
  const ending = await asked()?.ended;
  expect([moment, ending?.by]).toEqual([moment, "client"]);
  return { ...at, abortMs: (ending?.atMs ?? 0) - leftMs };
}

type SessionRow = LogRow & { session: string | null };

/** The rows of sessions, once all are there; each has one. */
async function rowsOf(world: FaultWorld, sessions: readonly string[]): Promise<SessionRow[]> {
  const wanted = new Set(sessions);
  let rows: SessionRow[] = [];
  await until("all have a row", async () => {
    const all = (await allRows(world.gateway)) as SessionRow[];
    rows = all.filter(({ session }) => wanted.has(session ?? ""));
    return new Set(rows.map(({ session }) => session)).size === wanted.size;
  });
  expect(rows).toHaveLength(wanted.size);
  return rows;
}

/** How far what was billed lies from what the upstream had written. */
function costErrorOf(moment: Moment, row: LogRow): number {
  const words = encode(WORDS.slice(0, wordsAt(moment)).join("")).length;
  const oracle = PROMPT_TOKENS * NANOS_IN + words * NANOS_OUT;
  return Math.abs(Math.round(Number(row.cost_usd) * 1e9) - oracle) / oracle;
}

const worlds: readonly (readonly [Store, Door])[] = [
  ...storesToTest().map((store) => [store, "fast"] as const),
  ...byTier<readonly (readonly [Store, Door])[]>({ quick: [], all: [["embedded", "next"]] }),
];

describe.each(worlds)(`${fault("F18")} (%s, %s door)`, (store, door) => {
  let world: FaultWorld;
  let key: string;

  beforeAll(async () => {
    world = await startFaultWorld({ store, door, handler: upstreamReply });
    await world.addModel("fox");
    ({ key } = await world.gateway.addKey({ budget_limit_usd: "10" }));
  });

  afterAll(() => world?.close());

  it("at every event: the upstream is cut, one row, and what was delivered is paid", async () => {
    const rounds = byTier({ quick: 1, all: 4 });
    const left: Left[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const telling of ["told", "estimated"] as const) {
        const all = MOMENTS.map((moment, at) =>
          leave(world, key, { moment, telling, session: `${telling}-${round}-${at}` }),
        );
        left.push(...(await Promise.all(all)));
      }
    }
    const rows = await rowsOf(
      world,
      left.map(({ session }) => session),
    );
    const seen = left.flatMap((one) =>
      rows
        .filter(({ session }) => session === one.session)
        .map((row) => ({ ...one, row, costError: costErrorOf(one.moment, row) })),
    );
    for (const { moment, telling, row, costError } of seen) {
      expect([moment, row.outcome]).toEqual([moment, "cancelled"]);
      expect([moment, row.tokens.output]).toEqual([moment, wordsAt(moment)]);
      // Before its head an upstream has told nothing that could be believed.
      const bound = telling === "told" && wordsAt(moment) > 0 ? 0.01 : 0.05;
      expect([moment, telling, costError < bound, costError]).toEqual([
        moment,
        telling,
        true,
        costError,
      ]);
    }
    recordErrors(seen, `${store}, ${door} door`);
    await expectInvariants(world, { outcomes: [] });
  }, 180_000);

  it("one after the other: the upstream is cut at once", async () => {
    const abortsMs: number[] = [];
    for (let round = 0; round < byTier({ quick: 20, all: 200 }); round += 1) {
      const at = { moment: 3, telling: "estimated", session: `cut-${round}` } as const;
      abortsMs.push((await leave(world, key, at)).abortMs);
    }
    const sorted = abortsMs.toSorted((one, other) => one - other);
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY;
    // A lost signal would wait for the stream's idle limit, which is minutes.
    expect(p99).toBeLessThan(byTier({ quick: 5000, all: 500 }));
    recordAbort(p99, sorted.length, `${store}, ${door} door`);
  }, 120_000);

  it("after the last token: the answer is complete, whoever is still there to hear it", async () => {
    const counts = { prompt: PROMPT_TOKENS, completion: WORDS.length };
    world.upstream.replyWith(() => ({
      headers: EVENT_STREAM,
      steps: chatStreamEvents(WORDS, counts),
    }));
    const session = "complete";
    const call = holdCall(
      world.gateway,
      key,
      { model: "fox", stream: true },
      { "x-conduit-session": session },
    );
    await until("the end mark is read", () => call.text().includes("[DONE]"));
    call.hangUp();
    expect(await rowsOf(world, [session])).toMatchObject([
      { outcome: "ok", tokens: { input: PROMPT_TOKENS, output: WORDS.length } },
    ]);
    await expectInvariants(world, { outcomes: [] });
  });
});

function recordAbort(p99: number, count: number, where: string): void {
  recordFigure({
    figure: "S19",
    value: `${p99.toFixed(1)} ms`,
    met: p99 <= 50,
    how: `p99 of ${count} hang-ups in the middle of a stream, one after the other; ${where}`,
  });
}

function recordErrors(left: readonly (Left & { costError: number })[], where: string): void {
  const worst = (telling: Telling): number =>
    Math.max(
      ...left
        .filter((one) => one.telling === telling && wordsAt(one.moment) > 0)
        .map(({ costError }) => costError),
    );
  const [told, estimated] = [worst("told"), worst("estimated")];
  recordFigure({
    figure: "S20",
    value: `${(told * 100).toFixed(2)} % told, ${(estimated * 100).toFixed(2)} % estimated`,
    met: told <= 0.01 && estimated <= 0.05,
    how: `worst of ${left.length} hang-ups at every event, ${PROMPT_TOKENS} prompt tokens; ${where}`,
  });
}
