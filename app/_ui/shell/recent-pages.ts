import { z } from "zod";

const STORE = "conduit.recent";
const MOST = 5;

const entry = z.object({ label: z.string().max(200), href: z.string().startsWith("/").max(500) });
export type RecentEntry = z.infer<typeof entry>;

/** What was opened from the palette in this tab, latest first. */
export function readRecent(): RecentEntry[] {
  try {
    const parsed = z.array(entry).safeParse(JSON.parse(sessionStorage.getItem(STORE) ?? "[]"));
    return parsed.success ? parsed.data : [];
  } catch {
    // Storage may be switched off; then nothing was opened before.
    return [];
  }
}

export function rememberRecent(opened: RecentEntry): void {
  const others = readRecent().filter(({ href }) => href !== opened.href);
  try {
    sessionStorage.setItem(STORE, JSON.stringify([opened, ...others].slice(0, MOST)));
  } catch {
    // As above: the palette works without.
  }
}
