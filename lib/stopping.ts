import { singleton } from "./singleton.ts";

/**
 * Whether the process has begun to end. Streams without an end of their own, which would hold up
 * the shutdown for as long as somebody watches them, listen to it.
 */
function controller(): AbortController {
  return singleton("stopping", () => new AbortController());
}

/** Aborted as soon as the process begins to end. */
export function stopping(): AbortSignal {
  return controller().signal;
}

/** Said once, by whoever ends the process. */
export function announceStop(): void {
  controller().abort();
}
