import { jsonOf, parametersOf } from "./parameter-texts.ts";
import type { Panel } from "./playground-state.ts";

/** What a panel asks for, in the form of Chat Completions. */
export function requestBody(panel: Panel, sharedSystem: string): Record<string, unknown> {
  const parameters = parametersOf(panel.parameters);
  const system = panel.system ?? sharedSystem;
  const set = Object.entries({
    temperature: parameters.temperature,
    top_p: parameters.top_p,
    max_tokens: parameters.max_tokens,
    seed: parameters.seed,
  }).filter(([, value]) => value !== null);
  const tools = jsonOf(parameters.tools);
  return {
    model: panel.model,
    messages: [
      ...(system.trim() === "" ? [] : [{ role: "system", content: system }]),
      ...panel.turns
        .filter(({ role, content }) => role === "user" || content !== "")
        .map(({ role, content }) => ({ role, content })),
    ],
    ...Object.fromEntries(set),
    ...(parameters.stop.length === 0 ? {} : { stop: parameters.stop }),
    ...formatOf(parameters.response_format, parameters.schema),
    ...(Array.isArray(tools) ? { tools } : {}),
  };
}

function formatOf(type: "text" | "json_object" | "json_schema", schema: string) {
  if (type === "text") {
    return {};
  }
  if (type === "json_object") {
    return { response_format: { type } };
  }
  const given = jsonOf(schema);
  // A schema may come with its name and wrapping, or bare.
  const isWrapped = typeof given === "object" && given !== null && "schema" in given;
  return {
    response_format: { type, json_schema: isWrapped ? given : { name: "answer", schema: given } },
  };
}
