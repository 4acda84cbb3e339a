import { checkNearMiss } from "#lib/cache/near-miss-guard.ts";
import { readQuestion } from "#lib/cache/near-miss-reading.ts";
import { mockEmbeddings } from "#lib/providers/wires/mock/embeddings.ts";

/** Whether the guard of the cache lets one answer serve both questions, whichever was asked first. */
export function isTakenForSame(one: string, other: string): boolean {
  return (
    checkNearMiss(readQuestion(one), other) === undefined &&
    checkNearMiss(readQuestion(other), one) === undefined
  );
}

const DIMENSIONS = 256;

/** The cosine of two texts' vectors by the mock, which goes by the words that they share. */
export function mockSimilarity(one: string, other: string): number {
  const { data } = mockEmbeddings({ model: "mock", input: [one, other] }, DIMENSIONS);
  // As the mock has just made it.
  const [left, right] = data as [{ embedding: number[] }, { embedding: number[] }];
  return left.embedding.reduce((sum, value, at) => sum + value * (right.embedding[at] ?? 0), 0);
}
