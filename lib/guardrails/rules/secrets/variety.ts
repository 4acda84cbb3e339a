/** So much of a value is looked at; a key that is random at all is so from the beginning. */
const MOST_READ = 64;

/** Whether a value has at least so many different characters. */
export function hasVariety(value: string, fewest: number): boolean {
  const seen = new Set<number>();
  const length = Math.min(value.length, MOST_READ);
  for (let at = 0; at < length; at += 1) {
    seen.add(value.charCodeAt(at));
    if (seen.size >= fewest) {
      return true;
    }
  }
  return false;
}

/** Shannon's entropy of its beginning, in bits a character. */
export function bitsOf(value: string): number {
  const read = value.slice(0, MOST_READ);
  const counts = new Map<string, number>();
  for (const unit of read) {
    counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values()) {
    bits -= (count / read.length) * Math.log2(count / read.length);
  }
  return bits;
}
