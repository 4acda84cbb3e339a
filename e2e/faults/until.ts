import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something holds; throws with `what` when it does not within `limitMs`. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(`Waited in vain until ${what}.`);
    }
    await sleep(20);
  }
}

/** What a probe answers; status 0 when nobody does. */
export async function probe(
  url: string,
  path: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  try {
    const reply = await fetch(`${url}${path}`, { headers: { connection: "close" } });
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  } catch {
    return { status: 0, body: {} };
  }
}
