import type { ChatRequest } from "#lib/contract/chat.ts";
import type { Adjustments } from "#lib/providers/codec/adjust.ts";
import { jsonInstruction, wantedSchema } from "#lib/providers/codec/json-schema.ts";
import { freeToolName } from "#lib/providers/codec/tool-choice.ts";
import type { Block } from "./content.ts";
import type { ClaudeModel } from "./models.ts";
import { constrainSchema } from "./schema.ts";

/** How a wanted form of the answer is reached. */
export type FormatPlan =
  | { kind: "none" }
  /** `output_config.format`. */
  | { kind: "native"; format: Block }
  /** A tool that the model has to call; its input is the answer. */
  | { kind: "tool"; tool: Block & { name: string } }
  /** Said in the system text. */
  | { kind: "prompt"; instruction: string };

/**
 * The way to `response_format`: natively where the model and the schema allow it, by a forced tool
 * otherwise, and by words alone for plain JSON and where a forced tool is not possible.
 */
export function planFormat(
  request: ChatRequest,
  options: { model: ClaudeModel; adjust: Adjustments; canForceTool: boolean },
): FormatPlan {
  const format = request.response_format;
  const wanted = wantedSchema(format);
  if (!format || format.type === "text") {
    return { kind: "none" };
  }
  const constrained = wanted === undefined ? undefined : constrainSchema(wanted.schema);
  if (constrained !== undefined && options.model.knowsSchemas) {
    if (constrained.isLoosened) {
      options.adjust.report("response_format");
    }
    return { kind: "native", format: { type: "json_schema", schema: constrained.schema } };
  }
  options.adjust.report("response_format");
  const isTyped = format.type === "json_schema" && format.json_schema.schema !== undefined;
  if (wanted === undefined || !isTyped || !options.canForceTool || !takesObjects(wanted.schema)) {
    return { kind: "prompt", instruction: jsonInstruction(format) };
  }
  const description = wanted.description ?? `Gives the answer: ${wanted.name}.`;
  const name = freeToolName(request);
  return { kind: "tool", tool: { name, description, input_schema: wanted.schema } };
}

function takesObjects(schema: Record<string, unknown>): boolean {
  return schema["type"] === "object";
}
