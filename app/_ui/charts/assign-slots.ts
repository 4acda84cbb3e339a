/** A colour of a chart: one of the six series, or the rest. */
export type SeriesSlot = 1 | 2 | 3 | 4 | 5 | 6 | "other";

const SLOTS = 6;

/** FNV-1a over the name: the same on the server, in the browser, and tomorrow. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * Gives each name a colour that it keeps. Call it once for a page, with the union of what its charts
 * show, most important first: a name takes the slot of its hash, or the next free one. Names beyond
 * the sixth are part of the rest.
 */
export function assignSlots(names: readonly string[]): ReadonlyMap<string, SeriesSlot> {
  const slots = new Map<string, SeriesSlot>();
  const taken = new Set<number>();
  for (const name of new Set(names)) {
    if (taken.size === SLOTS) {
      slots.set(name, "other");
      continue;
    }
    let slot = hashOf(name) % SLOTS;
    while (taken.has(slot)) {
      slot = (slot + 1) % SLOTS;
    }
    taken.add(slot);
    slots.set(name, (slot + 1) as SeriesSlot);
  }
  return slots;
}
