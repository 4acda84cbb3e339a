import type { Filling } from "#lib/guardrails/define-rule.ts";
import { readRequestTexts, type ScannedBody } from "#lib/guardrails/texts.ts";
import { requireRequest, type Story } from "./story.ts";

/** A message of a managed prompt that a caller's values stand in. */
export interface FilledMessage extends Filling {
  /** Its place in the request's messages. */
  at: number;
}

/**
 * The texts of a request for rules, with what came from the caller in those of a managed prompt. A
 * prompt's system message is trusted for who wrote it, and the values in it are not.
 */
export function readTextsOf(story: Pick<Story, "endpoint" | "request" | "filled">): ScannedBody {
  const scanned = readRequestTexts(story.endpoint.name, requireRequest(story));
  const byPath = new Map(story.filled.map((each) => [`messages[${each.at}].content`, each]));
  if (byPath.size === 0) {
    return scanned;
  }
  for (const slot of scanned.slots.filter(({ origin }) => origin === "system")) {
    const filling = byPath.get(slot.path);
    if (filling !== undefined) {
      slot.filling = filling;
    }
  }
  return scanned;
}
