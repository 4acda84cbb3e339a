import type { PageCase } from "./pages.ts";

export interface PageResult {
  name: string;
  wantedMs: number;
  p50Ms: number;
  p95Ms: number;
}

const WARM_UPS = 2;

/** How long whole answers take, one after the other, from the request to the last byte. */
export async function measurePage(
  server: { url: string; cookie: string },
  page: PageCase,
  tries: number,
): Promise<PageResult> {
  const times: number[] = [];
  for (let at = 0; at < WARM_UPS + tries; at += 1) {
    const startedAt = performance.now();
    const reply = await fetch(`${server.url}${page.path}`, {
      headers: { cookie: server.cookie },
      redirect: "manual",
    });
    const text = await reply.text();
    if (reply.status !== 200 || text.includes("Could not load")) {
      throw new Error(`${page.path} answered ${reply.status} or has a part that failed.`);
    }
    if (at >= WARM_UPS) {
      times.push(performance.now() - startedAt);
    }
  }
  const { name, wantedMs } = page;
  return { name, wantedMs, p50Ms: percentileOf(times, 0.5), p95Ms: percentileOf(times, 0.95) };
}

/** The value that a share of the values does not exceed (nearest rank). */
export function percentileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** Milliseconds between the events of streams that run one after the other for so long. */
export async function measureGaps(
  gateway: { url: string; key: string },
  { seconds, model }: { seconds: number; model: string },
): Promise<number[]> {
  const gaps: number[] = [];
  const untilMs = performance.now() + seconds * 1000;
  while (performance.now() < untilMs) {
    const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${gateway.key}`, "content-type": "application/json" },
      body: JSON.stringify({ model, stream: true, messages: [{ role: "user", content: TEXT }] }),
    });
    if (reply.status !== 200 || reply.body === null) {
      throw new Error(`The stream answered ${reply.status}.`);
    }
    let lastAt: number | undefined;
    for await (const _ of reply.body) {
      const now = performance.now();
      if (lastAt !== undefined) {
        gaps.push(now - lastAt);
      }
      lastAt = now;
    }
  }
  return gaps;
}

/** The mock echoes it word by word. */
const TEXT = Array.from({ length: 200 }, (_, at) => `word${at}`).join(" ");
