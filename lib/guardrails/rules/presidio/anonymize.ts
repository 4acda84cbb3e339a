import { z } from "zod";
import type { RemoteContext } from "../../define-rule.ts";
import { askService, callOf } from "../service.ts";
import type { Entity } from "./entities.ts";

export const OPERATORS = ["replace", "redact", "mask", "hash"] as const;
export type Operator = (typeof OPERATORS)[number];

const SETTINGS: Readonly<Record<Operator, Record<string, unknown>>> = {
  replace: { type: "replace" },
  redact: { type: "redact" },
  mask: { type: "mask", masking_char: "*", chars_to_mask: 1000, from_end: false },
  hash: { type: "hash", hash_type: "sha256" },
};

const anonymized = z.object({
  text: z.string(),
  items: z.array(z.object({ start: z.int().min(0), end: z.int().min(0) })),
});

/**
 * What the anonymizer writes in place of each entity, in their order. Its answer does not say which
 * replacement belongs to which entity, so everything between them has to be the original's: throws
 * where it is not.
 */
export async function anonymize(
  asked: {
    url: string;
    headers: Readonly<Record<string, string>> | undefined;
    operator: Operator;
    text: string;
    /** In the order of the text, without overlaps. */
    entities: readonly Entity[];
  },
  context: RemoteContext,
): Promise<string[]> {
  const { url, headers, operator, text, entities } = asked;
  const body = JSON.stringify({
    text,
    anonymizers: { DEFAULT: SETTINGS[operator] },
    analyzer_results: entities.map(({ type, start, end, score }) => ({
      entity_type: type,
      start,
      end,
      score,
    })),
  });
  const answer = await askService(
    {
      name: "Presidio's anonymizer",
      url: callOf(url, "anonymize"),
      ...(headers === undefined ? {} : { headers }),
      body,
      schema: anonymized,
    },
    context,
  );
  return replacementsOf([...text], [...answer.text], {
    entities,
    items: answer.items.toSorted((left, right) => left.start - right.start || left.end - right.end),
  });
}

function replacementsOf(
  original: readonly string[],
  written: readonly string[],
  {
    entities,
    items,
  }: { entities: readonly Entity[]; items: readonly { start: number; end: number }[] },
): string[] {
  if (items.length !== entities.length) {
    throw new Error("Presidio's anonymizer did not answer for everything that was found.");
  }
  let inOriginal = 0;
  let inWritten = 0;
  const replacements = entities.map((entity, at) => {
    const item = items[at] ?? { start: -1, end: -1 };
    const kept = original.slice(inOriginal, entity.start).join("");
    assertSame(kept, written.slice(inWritten, Math.max(inWritten, item.start)).join(""));
    inOriginal = entity.end;
    inWritten = item.end;
    return written.slice(item.start, item.end).join("");
  });
  assertSame(original.slice(inOriginal).join(""), written.slice(inWritten).join(""));
  return replacements;
}

function assertSame(original: string, written: string): void {
  if (original !== written) {
    throw new Error("Presidio's anonymizer changed more than what it was given to change.");
  }
}
