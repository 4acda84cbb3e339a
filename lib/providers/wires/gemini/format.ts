import type { ChatRequest } from "#lib/contract/chat.ts";
import type { Adjustments } from "#lib/providers/codec/adjust.ts";
import { jsonInstruction, wantedSchema } from "#lib/providers/codec/json-schema.ts";
import { freeToolName, namesTool } from "#lib/providers/codec/tool-choice.ts";
import type { GeminiModel } from "./models.ts";
import { convertSchema, withoutDialect } from "./schema.ts";

/** How a wanted form of the answer is reached. */
export type FormatPlan =
  | { kind: "none" }
  /** Fields of `generationConfig`. */
  | { kind: "native"; fields: Record<string, unknown> }
  /** A function that the model may call instead of the caller's; its arguments are the answer. */
  | { kind: "tool"; tool: Record<string, unknown> & { name: string } }
  /** Said in the system text. */
  | { kind: "prompt"; instruction: string };

/**
 * The way to `response_format`: a mime type and a schema, which every model has. Older models refuse
 * them beside functions; a schema then becomes one more function, and plain JSON is asked in words.
 */
export function planFormat(
  request: ChatRequest,
  { model, adjust }: { model: GeminiModel; adjust: Adjustments },
): FormatPlan {
  const format = request.response_format;
  if (!format || format.type === "text") {
    return { kind: "none" };
  }
  adjust.report("response_format");
  const wanted = wantedSchema(format);
  const hasTools = (request.tools ?? []).length > 0 && request.tool_choice !== "none";
  if (!hasTools || model.mixesJsonAndTools) {
    const schema = wanted === undefined ? {} : schemaField(wanted.schema, model);
    return { kind: "native", fields: { responseMimeType: "application/json", ...schema } };
  }
  if (
    wanted === undefined ||
    wanted.schema["type"] !== "object" ||
    namesTool(request.tool_choice)
  ) {
    return { kind: "prompt", instruction: jsonInstruction(format) };
  }
  const { description, schema } = wanted;
  return {
    kind: "tool",
    tool: {
      name: freeToolName(request),
      description: description ?? `Gives the answer: ${wanted.name}.`,
      parameters: convertSchema(schema).schema,
    },
  };
}

function schemaField(schema: Record<string, unknown>, model: GeminiModel): Record<string, unknown> {
  const converted = convertSchema(schema);
  return converted.isLossy && model.takesJsonSchema
    ? { responseJsonSchema: withoutDialect(schema) }
    : { responseSchema: converted.schema };
}
