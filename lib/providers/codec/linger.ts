import { isConduitError } from "#lib/errors.ts";

/** How long a finished stream may take to close. */
const LINGER_MS = 100;

/**
 * Reads a source whose answer is complete to its very end, so that the connection can be used
 * again; one that stays open is cut. What still comes is ignored.
 */
export async function linger(source: AsyncIterator<Uint8Array>): Promise<void> {
  const late = Promise.withResolvers<{ done: true }>();
  const timer = setTimeout(() => late.resolve({ done: true }), LINGER_MS);
  try {
    // A fault after the end of the answer takes nothing away from it.
    const next = () => source.next().catch(() => ({ done: true }) as const);
    while ((await Promise.race([next(), late.promise])).done !== true) {
      // What follows the end mark belongs to no answer.
    }
  } finally {
    clearTimeout(timer);
    await source.return?.();
  }
}

/**
 * The next read. A connection that was closed early ends the source like any other when the answer
 * has named its finish by then: some servers never write the last chunk of their encoding.
 */
export async function nextOrEnd(
  source: AsyncIterator<Uint8Array>,
  isFinished: () => boolean,
): Promise<IteratorResult<Uint8Array, undefined>> {
  try {
    return await source.next();
  } catch (error) {
    if (isConduitError(error) && error.code === "upstream_truncated" && isFinished()) {
      return { done: true, value: undefined };
    }
    throw error;
  }
}
