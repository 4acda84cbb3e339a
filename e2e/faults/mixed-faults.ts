import { setTimeout as sleep } from "node:timers/promises";
import type { FakeRequest, Reply } from "#lib/testing/fake-upstream.ts";
import type { Dice } from "#lib/testing/fuzz.ts";
import {
  chatReply,
  chatStreamEvents,
  EVENT_STREAM,
  errorReply,
} from "#lib/testing/openai-replies.ts";
import type { FaultWorld } from "./world.ts";

/** A fault that begins when it is called and is over, healed, when its promise resolves. */
export type Fault = (world: FaultWorld, dice: Dice) => Promise<void>;

const EVENTS = chatStreamEvents(["one ", "two ", "three ", "four"]);

/** What an upstream that is not well may answer; most answers are good. */
export function drawReply(request: FakeRequest, dice: Dice): Reply {
  const stream = (request.json() as { stream?: boolean }).stream === true;
  if (dice.below(10) < 6) {
    return stream
      ? { headers: EVENT_STREAM, steps: [...EVENTS.slice(0, 3), { waitMs: 5 }, ...EVENTS.slice(3)] }
      : { ...chatReply("all is well"), delayMs: 2 };
  }
  const cut = EVENTS.slice(0, dice.below(EVENTS.length));
  return dice.pick<Reply>([
    errorReply(500, { message: "broken" }),
    errorReply(429, { message: "slower" }, { "retry-after": "0" }),
    { status: 200, headers: { "content-type": "text/html" }, body: "<html>" },
    { status: 200, headers: { "content-type": "application/json" }, body: "" },
    { status: 200, headers: { "content-type": "application/json" }, body: '{"choices":' },
    { headers: EVENT_STREAM, steps: [...cut, { reset: true }] },
    { headers: EVENT_STREAM, steps: cut },
    { headers: EVENT_STREAM, steps: [...cut, "data: {nonsense\n\n", ...EVENTS.slice(-1)] },
    { headers: EVENT_STREAM, steps: EVENTS, splitBytes: 1 + dice.below(7) },
    { steps: [{ reset: true }], raw: true },
  ]);
}

/** What can happen to stores and processes while requests are under way. */
export const FAULT_KINDS: Readonly<Record<string, Fault>> = {
  "Redis is silent": async ({ redis }, dice) => {
    redis?.pause();
    await sleep(100 + dice.below(400));
    redis?.resume();
  },
  "Redis refuses": async ({ redisProxy }, dice) => {
    redisProxy?.set({ refuse: true });
    await sleep(100 + dice.below(400));
    redisProxy?.set({ refuse: false });
  },
  "Redis is late": async ({ redisProxy }, dice) => {
    redisProxy?.set({ latencyMs: 5 + dice.below(60) });
    await sleep(300);
    redisProxy?.set({ latencyMs: 0 });
  },
  "Postgres refuses": async ({ postgresProxy }, dice) => {
    postgresProxy?.set({ refuse: true });
    await sleep(100 + dice.below(600));
    postgresProxy?.set({ refuse: false });
  },
  "Postgres is late": async ({ postgresProxy }, dice) => {
    postgresProxy?.set({ latencyMs: 20 + dice.below(200) });
    await sleep(500);
    postgresProxy?.set({ latencyMs: 0 });
  },
  "a COMMIT is not answered": async ({ postgresProxy }) => {
    postgresProxy?.set({ cutAfter: (chunk) => chunk.includes("commit") });
    await sleep(400);
    postgresProxy?.set({ cutAfter: undefined });
  },
  "a process stands still": async ({ gateways }, dice) => {
    const { pid } = dice.pick(gateways);
    process.kill(pid, "SIGSTOP");
    await sleep(100 + dice.below(400));
    process.kill(pid, "SIGCONT");
  },
  "a process is killed": async (world) => {
    await world.gateways[1]?.kill("SIGKILL");
    await world.startReplica(1);
  },
  "a process is asked to end": async (world) => {
    await world.gateways[1]?.kill("SIGTERM");
    await world.startReplica(1);
  },
};
