/** An atom of a pattern, a character with its signs, a class, or the bracket of a group. */
const ATOM =
  /\\Q[\s\S]*?(?:\\E|$)|\\[pP]\{[^}]*\}|\\x\{[^}]*\}|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w*:\]|[^\]\\])*\]|\(\?(?:P?<\w*>|[a-zA-Z-]*:?)|[()|]|[\s\S]/gy;
const COUNT = /\{(\d{1,6})(?:,(\d{0,6}))?\}/y;

/**
 * About how many steps a pattern's program will have: one for every atom, times how often it is
 * repeated. Counted before compiling, for a few signs can stand for a million steps.
 */
export function stepsOf(pattern: string): number {
  const counter: Counter = { open: [], steps: 0, last: 0 };
  for (let at = 0; at < pattern.length; ) {
    const count = countAt(pattern, at);
    if (count === undefined) {
      ATOM.lastIndex = at;
      const atom = ATOM.exec(pattern)?.[0] ?? pattern.slice(at, at + 1);
      addAtom(counter, atom);
      at += atom.length;
    } else {
      counter.steps += counter.last * (count.times - 1);
      counter.last *= count.times;
      at = count.end;
    }
  }
  return counter.open.reduce((sum, before) => sum + before, counter.steps);
}

interface Counter {
  /** What stood before each bracket that is still open. */
  open: number[];
  steps: number;
  /** Of the atom that a repetition would repeat. */
  last: number;
}

function addAtom(counter: Counter, atom: string): void {
  if (atom.startsWith("(")) {
    counter.open.push(counter.steps);
    counter.steps = 0;
    counter.last = 0;
  } else if (atom === ")") {
    counter.last = counter.steps + 2;
    counter.steps = (counter.open.pop() ?? 0) + counter.last;
  } else {
    counter.last = atom.startsWith("\\Q") ? atom.length : 1;
    counter.steps += counter.last;
  }
}

function countAt(pattern: string, at: number): { times: number; end: number } | undefined {
  COUNT.lastIndex = at;
  const count = COUNT.exec(pattern);
  if (count === null) {
    return undefined;
  }
  return { times: Math.max(1, Number(count[1]), Number(count[2] ?? 0)), end: COUNT.lastIndex };
}
