/** Soft hyphens and characters without width, which a reader does not see inside of a word. */
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/;
const SPACE = /\s/;

export const INVISIBLE_UNIT = 0;
export const SPACE_UNIT = 32;

/**
 * What each UTF-16 unit counts as: wide forms as plain ones, every kind of space as a space, and
 * without case unless it is asked for. One unit stays one, so that offsets hold.
 */
export function makeFolding({ keepCase }: { keepCase: boolean }): Uint16Array {
  const units = new Uint16Array(0x1_00_00);
  for (let code = 0; code < units.length; code += 1) {
    units[code] = foldOne(String.fromCharCode(code), keepCase);
  }
  return units;
}

function foldOne(unit: string, keepCase: boolean): number {
  if (INVISIBLE.test(unit)) {
    return INVISIBLE_UNIT;
  }
  if (SPACE.test(unit)) {
    return SPACE_UNIT;
  }
  const plain = unit.normalize("NFKC");
  const folded = keepCase ? plain : plain.toLowerCase();
  return (folded.length === 1 ? folded : unit).charCodeAt(0);
}
