import { type Reading, readQuestion, type Word } from "./near-miss-reading.ts";
import { GUARDS, type Guard } from "./near-miss-words.ts";

/**
 * Whether two questions that lie near each other ask for different things all the same: the kind of
 * difference, or `undefined` where one answer serves both. A vector hardly moves when a number, a
 * name or a `not` changes, so nearness alone decides nothing here: both have to say the same words,
 * but for inflection, word order inside a phrase, and ways of asking that are known to mean the same.
 *
 * Knows English. Questions in other languages match when they have the same words in the same order.
 */
export function checkNearMiss(asked: Reading, stored: string): Guard | undefined {
  const left = asked;
  const right = readQuestion(stored);
  if (left.words.length === 0 || right.words.length === 0) {
    // Nothing but small words, as "who are you": nothing is left to compare.
    return left.text === right.text ? undefined : "word";
  }
  return (
    checkWords(left.words, right.words) ??
    checkFrame(left, right) ??
    checkOrder(left.words, right.words)
  );
}

/** Words that only one of the two has, by the weightiest kind among them. */
function checkWords(left: readonly Word[], right: readonly Word[]): Guard | undefined {
  const counts = new Map<string, number>();
  for (const { key } of left) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const { key } of right) {
    counts.set(key, (counts.get(key) ?? 0) - 1);
  }
  const kinds = new Set<Guard>();
  for (const { key, kind } of [...left, ...right]) {
    if (counts.get(key) !== 0) {
      kinds.add(kind);
    }
  }
  return GUARDS.find((guard) => kinds.has(guard));
}

/** What is asked of the words, whose they are, and which way they go. */
function checkFrame(left: Reading, right: Reading): Guard | undefined {
  if (left.asked.symmetricDifference(right.asked).size > 0) {
    return "asked";
  }
  if (left.forms.symmetricDifference(right.forms).size > 0) {
    return left.forms.has("passive") === right.forms.has("passive") ? "date" : "order";
  }
  if (contradicts(left.owners, right.owners) || !haveSameSpeakers(left, right)) {
    return "word";
  }
  for (const [key, direction] of left.directions) {
    const other = right.directions.get(key);
    if (other !== undefined && other !== direction) {
      return "order";
    }
  }
  return undefined;
}

/** One text may leave out whose a thing is; two that say it have to say the same. */
function contradicts(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size > 0 && right.size > 0 && left.symmetricDifference(right).size > 0;
}

/**
 * "How do I" and "how do you" ask the same, "am I" and "are you" do not, and where both stand in a
 * text their order counts.
 */
function haveSameSpeakers(left: Reading, right: Reading): boolean {
  const both = [left, right];
  const isPersonal =
    both.some(({ speakers }) => speakers.includes("1") && speakers.includes("2")) ||
    both.some(({ asked }) => asked.has("whether") || asked.has("can"));
  const isTold = both.every(({ speakers }) => speakers !== "");
  return !isPersonal || !isTold || left.speakers === right.speakers;
}

/**
 * Who does what to whom is told by order alone. Words may change places in one way: two neighbours
 * joined by `of` or its like in one text and put together in the other, as in "a list in Python"
 * and "a Python list".
 */
function checkOrder(left: readonly Word[], right: readonly Word[]): Guard | undefined {
  const from = left.findIndex(({ key }, at) => key !== right[at]?.key);
  if (from === -1) {
    return undefined;
  }
  let to = left.length;
  while (left[to - 1]?.key === right[to - 1]?.key) {
    to -= 1;
  }
  const one = left.slice(from, to);
  const other = right.slice(from, to);
  return isTurned(one, other) || isTurned(other, one) ? undefined : "order";
}

/** Whether `joined` is `linked` with its two parts turned round. */
function isTurned(linked: readonly Word[], joined: readonly Word[]): boolean {
  return linked.some(({ gap }, cut) => {
    if (cut === 0 || gap !== "linked") {
      return false;
    }
    const turned = [...linked.slice(cut), ...linked.slice(0, cut)];
    const seam = joined[linked.length - cut];
    return seam?.gap === "joined" && turned.every(({ key }, at) => key === joined[at]?.key);
  });
}
