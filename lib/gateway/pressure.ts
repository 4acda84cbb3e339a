import { getHeapStatistics } from "node:v8";
import { ConduitError } from "#lib/errors.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";

/** Shares of the heap's limit: above the first memory is short, below the second it is not any more. */
const SHORT_ABOVE = 0.85;
const ENOUGH_BELOW = 0.75;
/** The engine's own size of a semi-space on 64 bits, in MiB. */
const SEMI_SPACE_MIB = 64;
/** The heap's figures cost some microseconds, and memory is not filled faster than this. */
const LOOK_EVERY_MS = 50;
const COME_BACK_MS = 2000;
/** A collection of everything stops the process for about a second per GiB. */
const COLLECT_EVERY_MS = 10_000;

interface Pressure {
  isShort: boolean;
  lookedAtMs: number;
  collectedAtMs: number;
  unkept: number;
}

function pressure(): Pressure {
  return singleton("gateway.pressure", () => ({
    isShort: false,
    lookedAtMs: Number.NEGATIVE_INFINITY,
    collectedAtMs: Number.NEGATIVE_INFINITY,
    unkept: 0,
  }));
}

/** Whether the heap is nearly full: what can wait has to, so that what has begun can end. */
export function isMemoryShort(): boolean {
  const state = pressure();
  const nowMs = performance.now();
  if (nowMs - state.lookedAtMs >= LOOK_EVERY_MS) {
    state.lookedAtMs = nowMs;
    const isAbove = isHeapFull(state.isShort);
    if (isAbove && nowMs - state.collectedAtMs >= COLLECT_EVERY_MS) {
      // Much of it may be garbage: the look after the collection decides.
      state.collectedAtMs = nowMs;
      collect().catch((error: unknown) => getLog().warn({ err: error }, "no garbage collected"));
    } else if (isAbove !== state.isShort) {
      state.isShort = isAbove;
      tell(isAbove);
    }
  }
  return state.isShort;
}

/**
 * Asks the engine to collect its garbage. It does so by itself only when something grows, and nothing
 * does while new streams are refused: the shortage would outlast the streams that made it.
 */
async function collect(): Promise<void> {
  const { Session } = await import("node:inspector/promises");
  const session = new Session();
  session.connect();
  try {
    await session.post("HeapProfiler.collectGarbage");
  } finally {
    session.disconnect();
  }
}

/**
 * The engine's limit counts the room for young objects too: three semi-spaces, on top of what
 * `--max-old-space-size` says. The process ends when the rest is full, long before all of it.
 */
function youngBytes(): number {
  return singleton("gateway.young_bytes", () => {
    const flags = process.execArgv.join(" ");
    const mebibytes = /--max[-_]semi[-_]space[-_]size=(\d+)/.exec(flags)?.[1];
    return 3 * Number(mebibytes ?? SEMI_SPACE_MIB) * 1024 * 1024;
  });
}

function isHeapFull(isShort: boolean): boolean {
  const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
  const limit = Math.max(most - youngBytes(), most / 2);
  return used / limit > (isShort ? ENOUGH_BELOW : SHORT_ABOVE);
}

function tell(isShort: boolean): void {
  if (isShort) {
    getLog().error("memory is short: new streams are refused, no content is kept");
  } else {
    getLog().warn("there is memory again");
  }
}

/**
 * Throws `server_overloaded` (503 with `retry-after`) for a new stream while memory is short. Whole
 * answers are served on: they are gone in a moment, a stream holds its memory for minutes.
 */
export function assertRoomForStream(isStream: boolean): void {
  if (isStream && isMemoryShort()) {
    throw new ConduitError("server_overloaded", {
      message: "The gateway is short of memory and begins no new streams at the moment.",
      retryAfterMs: COME_BACK_MS,
    });
  }
}

/** Whether there is room to keep what requests say; what is not kept for this reason is counted. */
export function hasRoomToKeep(): boolean {
  if (!isMemoryShort()) {
    return true;
  }
  pressure().unkept += 1;
  return false;
}

/** Requests whose content was not kept because memory was short. */
export function unkeptForMemory(): number {
  return pressure().unkept;
}
