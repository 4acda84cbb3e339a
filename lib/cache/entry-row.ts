import type { CacheEntryRow } from "#lib/db/cache-entries.ts";
import type { Question } from "./question.ts";
import type { StoredAnswer } from "./stored-answer.ts";

/** An answer that was kept under its question. */
export interface KeptEntry {
  question: Question;
  answer: StoredAnswer;
  sizeBytes: number;
  expiresAtMs: number;
}

/** What an entry's row tells of a question and its answer, of either kind. */
export function entryRowOf({ question, answer, sizeBytes, expiresAtMs }: KeptEntry) {
  return {
    scopeKind: question.scope.kind,
    scopeId: question.scope.id,
    ...question.caller,
    endpoint: question.endpoint,
    modelAsked: question.modelAsked,
    deploymentId: answer.deploymentId,
    deploymentName: answer.deploymentName,
    provider: answer.provider,
    model: answer.model,
    stream: question.stream,
    sourceRequestId: answer.sourceId,
    costNanos: answer.costNanos,
    sizeBytes,
    createdAt: new Date(answer.createdAtMs),
    expiresAt: new Date(expiresAtMs),
  } satisfies Partial<CacheEntryRow>;
}
