/** What the analyzer found; offsets in characters (code points), the end exclusive. */
export interface Entity {
  type: string;
  start: number;
  end: number;
  score: number;
}

/**
 * Entities without overlaps, in the order of the text. Of two that overlap, the surer one names the
 * whole stretch, and of two equally sure ones the longer one: nothing that was found stays visible.
 * Neighbours of one type with a blank between them become one, as the anonymizer makes of them.
 */
export function separate(found: readonly Entity[], text: string): Entity[] {
  const characters = [...text];
  const sorted = found.toSorted((left, right) => left.start - right.start || right.end - left.end);
  const apart: Entity[] = [];
  for (const entity of sorted) {
    const last = apart.at(-1);
    if (last === undefined || !touches(last, entity, characters)) {
      apart.push({ ...entity });
      continue;
    }
    if (isBetter(entity, last)) {
      last.type = entity.type;
    }
    last.score = Math.max(last.score, entity.score);
    last.end = Math.max(last.end, entity.end);
  }
  return apart;
}

function touches(last: Entity, next: Entity, characters: readonly string[]): boolean {
  if (next.start < last.end) {
    return true;
  }
  const between = characters.slice(last.end, next.start);
  return next.type === last.type && between.every((character) => character === " ");
}

function isBetter(next: Entity, last: Entity): boolean {
  const isLonger = next.end - next.start > last.end - last.start;
  return next.score > last.score || (next.score === last.score && isLonger);
}
