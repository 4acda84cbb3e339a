import {
  type ModerationResult,
  type ModerationsAnswer,
  type ModerationsRequest,
  moderationTexts,
} from "#lib/contract/moderations.ts";
import { hashText } from "./hash.ts";

/** What the mock objects to, by the words that it objects to: enough to try rules and programs. */
const WORDS: Readonly<Record<string, RegExp>> = {
  harassment: /\b(?:harass\w*|bully\w*|insult\w*)\b/i,
  "harassment/threatening": /\bthreat\w*\b/i,
  hate: /\b(?:hate\w*|hateful)\b/i,
  "hate/threatening": /\bhateful threat\w*\b/i,
  illicit: /\b(?:illicit|illegal\w*|drugs?)\b/i,
  "illicit/violent": /\b(?:bombs?|weapons?)\b/i,
  "self-harm": /\b(?:self-harm|suicide)\b/i,
  "self-harm/instructions": /\bhow to (?:self-harm|commit suicide)\b/i,
  "self-harm/intent": /\b(?:hurt|kill) myself\b/i,
  sexual: /\b(?:sexual\w*|erotic\w*)\b/i,
  "sexual/minors": /\bsexual\w* (?:child\w*|minors?)\b/i,
  violence: /\b(?:violen\w*|kill\w*|murder\w*)\b/i,
  "violence/graphic": /\b(?:gore|graphic violence)\b/i,
};
const FOUND = 0.95;
const NOT_FOUND = 0.01;

/** An answer in OpenAI's format, the same for the same words. */
export function mockModerations({
  body,
  requestId,
}: {
  body: Record<string, unknown>;
  requestId: string;
}): ModerationsAnswer {
  // The body is what the mock's own `encode` made of a request that the schema has checked.
  const { model, input } = body as ModerationsRequest;
  const isParts = Array.isArray(input) && typeof input[0] !== "string";
  const texts = moderationTexts(input);
  return {
    id: `modr-mock-${hashText(requestId).toString(16).padStart(8, "0")}`,
    model,
    results: (isParts ? [texts.join("\n")] : texts).map(judge),
  };
}

function judge(text: string): ModerationResult {
  const categories = Object.fromEntries(
    Object.entries(WORDS).map(([name, words]) => [name, words.test(text)]),
  );
  return {
    flagged: Object.values(categories).includes(true),
    categories,
    category_scores: Object.fromEntries(
      Object.entries(categories).map(([name, found]) => [name, found ? FOUND : NOT_FOUND]),
    ),
  };
}
