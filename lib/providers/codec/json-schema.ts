import type { ResponseFormat } from "#lib/contract/chat.ts";

/** The JSON schema that a request wants its answer in; `undefined` when it wants none. */
export function wantedSchema(
  format: ResponseFormat | null | undefined,
): { name: string; description?: string; schema: Record<string, unknown> } | undefined {
  if (format?.type !== "json_schema") {
    return undefined;
  }
  const { name, description, schema } = format.json_schema;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    schema: schema ?? { type: "object" },
  };
}

/**
 * The instruction that stands in for `response_format` where a provider has no such field. It holds
 * the word JSON, which some providers demand before they turn their JSON mode on.
 */
export function jsonInstruction(format: ResponseFormat | null | undefined): string {
  const wanted = wantedSchema(format);
  if (wanted === undefined) {
    return "Answer with one JSON object and nothing else: no prose around it, no code fence.";
  }
  const about = wanted.description === undefined ? "" : ` (${wanted.description})`;
  return (
    `Answer with one JSON value "${wanted.name}"${about} and nothing else: no prose around it, ` +
    `no code fence. It must conform to this JSON Schema:\n${JSON.stringify(wanted.schema)}`
  );
}
