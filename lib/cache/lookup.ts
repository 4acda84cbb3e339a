import { currentSettings } from "#lib/db/settings.ts";
import { findExact, keepExact } from "./exact.ts";
import type { CachePowers, Question } from "./question.ts";
import { findLike } from "./semantic.ts";
import { keepLike } from "./semantic-keep.ts";
import type { Found, StoredAnswer } from "./stored-answer.ts";

/**
 * Have we answered this: the very same question first, then one of the same meaning, each where the
 * settings turn it on. Never throws: a cache that cannot be asked has no answer.
 */
export async function lookUpAnswer(
  question: Question,
  powers: CachePowers,
): Promise<Found | undefined> {
  const settings = currentSettings().cache;
  const found = settings.exact_enabled ? await findExact(question) : undefined;
  return found ?? (settings.semantic_enabled ? await findLike(question, powers) : undefined);
}

/**
 * Keeps a complete answer for the next who asks, where the settings turn it on. Nobody has to wait
 * for it, save on hosts that freeze a process between requests. Never throws.
 */
export async function keepAnswer(
  question: Question,
  answer: StoredAnswer,
  powers: CachePowers,
): Promise<void> {
  const settings = currentSettings().cache;
  if (settings.exact_enabled) {
    await keepExact(question, answer);
  }
  if (settings.semantic_enabled) {
    await keepLike(question, answer, powers);
  }
}
